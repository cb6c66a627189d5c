import type { Faults } from './emulator-link.ts'

/** A question that the service's documentation leaves open, and the answers that it may have. */
export interface OpenQuestion {
  id: string
  label: string
  /** The first one is what the emulator takes for granted. */
  answers: readonly { label: string; faults: Faults; clockOffsetMs?: number }[]
}

const DAY_MS = 86_400_000
const refused = (status: 403 | 401 | 400 | 200): Faults => ({ expiredStatus: status, invalidStatus: status })
const readable = { exposeRetryAfter: true } as const

export const openQuestions: readonly OpenQuestion[] = [
  {
    id: 'limit-status',
    label: 'The limit is told by',
    answers: [
      { label: '429', faults: {} },
      { label: '403', faults: { limitStatus: 403 } },
      { label: '400', faults: { limitStatus: 400 } },
      { label: '200 and an error', faults: { limitStatus: 200 } },
    ],
  },
  {
    id: 'retry-after',
    label: 'When to come again',
    answers: [
      { label: 'Not told', faults: {} },
      { label: 'In seconds', faults: { retryAfter: 'seconds', ...readable } },
      { label: 'As a date', faults: { retryAfter: 'date', ...readable } },
      { label: 'Told, not readable', faults: { retryAfter: 'seconds' } },
    ],
  },
  {
    id: 'dead-key',
    label: 'A dead key is refused by',
    answers: [
      { label: '403', faults: {} },
      { label: '401', faults: refused(401) },
      { label: '400', faults: refused(400) },
      { label: '200 and an error', faults: refused(200) },
    ],
  },
  {
    id: 'again',
    label: 'A second request gets',
    answers: [
      { label: 'Another key', faults: {} },
      { label: 'The same key', faults: { sameKeyAgain: true } },
    ],
  },
  {
    id: 'lifetime',
    label: 'The lifetime is told',
    answers: [
      { label: 'In the key', faults: {} },
      { label: 'In the answer', faults: { claimsInKey: false, expireDurationInResponse: true } },
      { label: 'In both', faults: { expireDurationInResponse: true } },
      { label: 'Nowhere', faults: { claimsInKey: false } },
    ],
  },
  {
    id: 'clock',
    label: 'The service’s clock',
    answers: [
      { label: 'Is right', faults: {} },
      { label: 'A minute fast', faults: {}, clockOffsetMs: 60_000 },
      { label: 'A day fast', faults: {}, clockOffsetMs: DAY_MS },
      { label: 'A day slow', faults: {}, clockOffsetMs: -DAY_MS },
    ],
  },
]
