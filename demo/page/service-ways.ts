import type { Faults } from './emulator-link.ts'

/** A question that the service's documentation leaves open, and the answers that it may have. */
export interface OpenQuestion {
  /** Also its name in a link. */
  id: string
  label: string
  /** The first one is what the emulator takes for granted. */
  answers: readonly { id: string; label: string; faults: Faults; clockOffsetMs?: number }[]
}

const DAY_MS = 86_400_000
const refused = (status: 403 | 401 | 400 | 200): Faults => ({ expiredStatus: status, invalidStatus: status })
const readable = { exposeRetryAfter: true } as const

export const openQuestions: readonly OpenQuestion[] = [
  {
    id: 'limit-status',
    label: 'The limit is told by',
    answers: [
      { id: '429', label: '429', faults: {} },
      { id: '403', label: '403', faults: { limitStatus: 403 } },
      { id: '400', label: '400', faults: { limitStatus: 400 } },
      { id: '200', label: '200 and an error', faults: { limitStatus: 200 } },
    ],
  },
  {
    id: 'retry-after',
    label: 'When to come again',
    answers: [
      { id: 'untold', label: 'Not told', faults: {} },
      { id: 'seconds', label: 'In seconds', faults: { retryAfter: 'seconds', ...readable } },
      { id: 'date', label: 'As a date', faults: { retryAfter: 'date', ...readable } },
      { id: 'unreadable', label: 'Told, not readable', faults: { retryAfter: 'seconds' } },
    ],
  },
  {
    id: 'dead-key',
    label: 'A dead key is refused by',
    answers: [
      { id: '403', label: '403', faults: {} },
      { id: '401', label: '401', faults: refused(401) },
      { id: '400', label: '400', faults: refused(400) },
      { id: '200', label: '200 and an error', faults: refused(200) },
    ],
  },
  {
    id: 'second-request',
    label: 'A second request gets',
    answers: [
      { id: 'another-key', label: 'Another key', faults: {} },
      { id: 'same-key', label: 'The same key', faults: { sameKeyAgain: true } },
    ],
  },
  {
    id: 'lifetime-told',
    label: 'The lifetime is told',
    answers: [
      { id: 'in-key', label: 'In the key', faults: {} },
      { id: 'in-answer', label: 'In the answer', faults: { claimsInKey: false, expireDurationInResponse: true } },
      { id: 'in-both', label: 'In both', faults: { expireDurationInResponse: true } },
      { id: 'nowhere', label: 'Nowhere', faults: { claimsInKey: false } },
    ],
  },
  {
    id: 'service-clock',
    label: 'The service’s clock',
    answers: [
      { id: 'right', label: 'Is right', faults: {} },
      { id: 'minute-fast', label: 'A minute fast', faults: {}, clockOffsetMs: 60_000 },
      { id: 'day-fast', label: 'A day fast', faults: {}, clockOffsetMs: DAY_MS },
      { id: 'day-slow', label: 'A day slow', faults: {}, clockOffsetMs: -DAY_MS },
    ],
  },
]
