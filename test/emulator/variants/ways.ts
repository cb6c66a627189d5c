import type { Faults } from '../../../demo/emulator/index.ts'
import type { Ways } from './visit.ts'

/** One way in which the service may behave, and what follows from it. */
export interface Variant extends Ways {
  name: string
  /** Where keys are kept. */
  storage?: 'memory' | 'indexeddb'
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const named = (name: string, faults: Partial<Faults>, clockOffsetMs = 0): Variant => ({ name, faults, clockOffsetMs })

const KEY_STATUSES = [401, 400, 200] as const
const SPEAKING = ['all', 'code', 'msg', 'hint'] as const

/** Status and words of the refused sixth call. One that is neither 429 nor 403 and says nothing could mean anything. */
const LIMITS: [Faults['limitStatus'], Faults['limitWords']][] = [
  ...(['none', 'html'] as const).map(words => [429, words] as [429, typeof words]),
  ...(['none', 'html'] as const).map(words => [403, words] as [403, typeof words]),
  ...([403, 400, 200] as const).flatMap(status =>
    SPEAKING.map(words => [status, words] as [typeof status, typeof words]),
  ),
]

const readable = { exposeRetryAfter: true } as const

/** Each open question answered otherwise than the emulator takes for granted, alone. */
const ALONE: Variant[] = [
  named('everything is as the emulator takes it', {}),
  { ...named('everything is so, and keys are kept in IndexedDB', {}), storage: 'indexeddb' },
  ...KEY_STATUSES.map(status =>
    named(`keys are refused with ${status}`, { expiredStatus: status, invalidStatus: status }),
  ),
  named('keys are refused in the code alone', { refusalWordIn: 'code' }),
  named('keys are refused in the message alone', { refusalWordIn: 'msg' }),
  ...LIMITS.map(([limitStatus, limitWords]) =>
    named(`the limit is ${limitStatus} and spoken of in: ${limitWords}`, { limitStatus, limitWords }),
  ),
  named('the minute is the clock’s', { limitWindow: 'fixed' }),
  named('Retry-After tells seconds', { retryAfter: 'seconds', ...readable }),
  named('Retry-After tells seconds, and no page may read it', { retryAfter: 'seconds' }),
  named('Retry-After tells an hour', { retryAfter: 'seconds', retryAfterSeconds: 3600, ...readable }),
  named('Retry-After tells a date', { retryAfter: 'date', ...readable }),
  named('Retry-After tells a date by a fast clock', { retryAfter: 'date', ...readable }, HOUR_MS),
  named('Retry-After tells a date by a slow clock', { retryAfter: 'date', ...readable }, -HOUR_MS),
  named('Retry-After and Date may be read', { retryAfter: 'date', ...readable, exposeDate: true }),
  named('the same key comes again', { sameKeyAgain: true }),
  named('keys claim nothing', { claimsInKey: false }),
  named('keys have no suffix', { suffixInKey: false }),
  named('the answer tells the lifetime', { expireDurationInResponse: true }),
  named('the answer tells the permissions', { permissionsInResponse: true }),
  named('the answer tells a lifetime too short', { expireDurationInResponse: true, toldDurationSeconds: 600 }),
  named('the answer tells a lifetime too long', { expireDurationInResponse: true, toldDurationSeconds: 7200 }),
  named('keys claim to live too short', { claimedAgeSeconds: 600 }),
  named('keys claim to live too long', { claimedAgeSeconds: 7200 }),
  named('answer and keys tell too long', {
    ...{ claimedAgeSeconds: 7200, expireDurationInResponse: true, toldDurationSeconds: 3600 },
  }),
  named('keys claim nothing and the answer tells too long', {
    ...{ claimsInKey: false, expireDurationInResponse: true, toldDurationSeconds: 7200 },
  }),
  ...[3000, -3000, 1_180_000, -1_180_000, DAY_MS, -DAY_MS].map(offsetMs =>
    named(`the service’s clock is off by ${offsetMs / 1000} s`, {}, offsetMs),
  ),
]

/** The questions that do not depend on each other, with their answers. */
const QUESTIONS: Partial<Faults>[][] = [
  [{ expiredStatus: 403 }, { expiredStatus: 401 }, { expiredStatus: 400 }, { expiredStatus: 200 }],
  [{ invalidStatus: 200 }, { invalidStatus: 403 }, { invalidStatus: 401 }],
  [{ refusalWordIn: 'both' }, { refusalWordIn: 'code' }, { refusalWordIn: 'msg' }],
  LIMITS.map(([limitStatus, limitWords]) => ({ limitStatus, limitWords })),
  [{}, { retryAfter: 'seconds', ...readable }, { retryAfter: 'date', ...readable }, { retryAfter: 'date' }],
  [{ sameKeyAgain: true }, { sameKeyAgain: false }],
  [{ claimsInKey: true }, { claimsInKey: false }, { claimedAgeSeconds: 600 }],
  [{ suffixInKey: false }, { suffixInKey: true }],
  [{}, { expireDurationInResponse: true }, { permissionsInResponse: true, exposeDate: true }],
]
const CLOCKS_MS = [0, HOUR_MS, -HOUR_MS, DAY_MS, 2000]

/** In row `i`, question `k` is answered by its `i`-th answer, shifted from round to round so that all kinds of pairs meet. */
const mixedFaults = (i: number): Partial<Faults> =>
  Object.assign(
    {},
    ...QUESTIONS.map((answers, k) => answers[(i + Math.floor(i / answers.length) * k) % answers.length]),
  )

const MIXED: Variant[] = LIMITS.map((_, i) => ({
  name: `everything is mixed (${i + 1})`,
  faults: mixedFaults(i),
  clockOffsetMs: CLOCKS_MS[i % CLOCKS_MS.length] ?? 0,
  storage: i % 2 === 0 ? 'memory' : 'indexeddb',
}))

export const VARIANTS: Variant[] = [...ALONE, ...MIXED]
