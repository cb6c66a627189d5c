import { effect, signal } from '@preact/signals'
import { clearFaults, type EmulatorLink, emulator, type Faults, setFaults } from './emulator-link.ts'

/** A way in which an API misbehaves. */
export interface Trouble {
  id: string
  label: string
  about: string
  faults: Faults
}

const SLOW_MS = 2000
const everything = (answer: string): Faults => ({ keyAnswer: answer, apiAnswer: answer, deliveryAnswer: answer })

export const troubles: Trouble[] = [
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

export const trouble = signal('none')
export const lifetimeSeconds = signal(0)

/** Switches one trouble on, and so every other one off. */
export async function cause(link: EmulatorLink, { id, faults }: Trouble): Promise<void> {
  trouble.value = id
  await apply(link, faults)
}

/** How long the emulator's next keys live. */
export async function setLifetime(link: EmulatorLink, seconds: number): Promise<void> {
  lifetimeSeconds.value = seconds
  await apply(link, troubles.find(({ id }) => id === trouble.value)?.faults ?? {})
}

async function apply(link: EmulatorLink, faults: Faults): Promise<void> {
  await clearFaults(link)
  await setFaults(link, { ...faults, validitySeconds: lifetimeSeconds.value })
}

// Every connection begins without any.
effect(() => {
  void emulator.value
  trouble.value = 'none'
  lifetimeSeconds.value = 0
})
