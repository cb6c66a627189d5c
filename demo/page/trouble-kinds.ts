import type { Faults } from './emulator-link.ts'

/** A way in which an API misbehaves. */
export interface Trouble {
  id: string
  label: string
  about: string
  faults: Faults
}

const SLOW_MS = 2000

const everything = (answer: 'server_error' | 'drop'): Faults => ({
  keyAnswer: answer,
  apiAnswer: answer,
  deliveryAnswer: answer,
})

export const troubles: readonly Trouble[] = [
  { id: 'none', label: 'Normal', about: 'Answers at once', faults: {} },
  { id: 'slow', label: 'Slow', about: 'Every answer takes 2 s longer', faults: { latencyMs: SLOW_MS } },
  { id: 'limit', label: 'Limited', about: 'Key requests are refused: too many', faults: { keyAnswer: 'too_many' } },
  { id: 'errors', label: 'Failing', about: 'Server errors everywhere', faults: everything('server_error') },
  { id: 'away', label: 'Gone', about: 'Connections end without an answer', faults: everything('drop') },
]

export const lifetimes = [
  { label: 'As the template says', seconds: 0 },
  { label: '1 minute', seconds: 60 },
  { label: '20 seconds', seconds: 20 },
]
