import * as fc from 'fast-check'
import { API_ANSWERS, type ApiAnswer } from './api.ts'
import { DAMAGES } from './damage.ts'
import type { DiskMode } from './disk.ts'
import { KEY_ANSWERS, type KeyAnswer, type KeyForm, type LimitForm } from './key-answer.ts'
import type { LockKind } from './locks.ts'
import type { Action, Schedule, Setup, Step } from './schedule.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

// What comes first is what a failing schedule is shrunk to.
const often = <T>(usual: T, others: T[], weight = 3): fc.Arbitrary<T> =>
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(usual), weight },
    { arbitrary: fc.constantFrom(...others), weight: 2 },
  )

const lifetimeSeconds = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom(1200, 60, 30, 29, 5, 1, 3600),
  fc.integer({ min: 1, max: 600 }),
)

const setup: fc.Arbitrary<Setup> = fc.record({
  seed: fc.nat(),
  storage: often<Setup['storage']>('indexeddb', ['custom', 'custom', 'memory']),
  throwsAtOnce: fc.boolean(),
  locks: often<LockKind>('work', ['absent', 'refused', 'stuck'], 5),
  hasChannel: often(true, [false], 6),
  source: often<Setup['source']>('template', ['keyUrl', 'requestKey', 'scopedRequestKey'], 6),
  clockAheadMs: often(0, [-2500, 2500, 19 * MINUTE_MS + 40 * SECOND_MS, -DAY_MS, DAY_MS]),
  standsInSleep: fc.boolean(),
  lifetimeSeconds,
  keyForm: often<KeyForm>('claims', ['opaque', 'told', 'both', 'longTold', 'badTold'], 2),
  defaultLifetimeSeconds: often(1200, [60, 3600], 4),
  limit: often<LimitForm>('none', ['limit429', 'limit429Seconds', 'limit403'], 2),
  refusalStatus: fc.constantFrom<200 | 400 | 401 | 403>(401, 200, 400, 403),
  latencyMs: fc.constantFrom(50, 0, 400, 2500),
  timeoutMs: often(10_000, [1000, 3000], 4),
  maxWaitMs: often(15_000, [0, 5000, 90_000], 3),
  maxPerMinute: often(5, [1, 3], 6),
  listenersThrow: often(false, [true], 6),
  tabs: fc.array(fc.record({ isVisible: often(true, [false], 5), isSubscribed: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
})

const inTab = { tab: fc.nat(3), session: often(0, [1, 2]) }
const asking = { ...inTab, abortAfterMs: often<number | undefined>(undefined, [0, 1, 20, 300, 5000, 30_000], 5) }

/** An action of one kind, with so many chances. */
const kind = <D extends Action['do']>(
  weight: number,
  name: D,
  details: { [P in keyof Omit<Extract<Action, { do: D }>, 'do'>]: fc.Arbitrary<Extract<Action, { do: D }>[P]> },
) => ({ weight, arbitrary: fc.record({ do: fc.constant(name), ...details }) as unknown as fc.Arbitrary<Action> })

const action = fc.oneof(
  kind(12, 'getKey', {
    ...asking,
    minValidityMs: often(0, [1000, MINUTE_MS, 3_000_000], 4),
    maxWaitMs: often<number | undefined>(undefined, [0, 1000, 70_000], 4),
    forceRefresh: often(false, [true], 5),
  }),
  kind(8, 'fetch', { ...asking, method: fc.constantFrom('GET', 'POST') }),
  kind(2, 'sign', asking),
  kind(3, 'crowd', { count: fc.constantFrom(1, 3, 20) }),
  kind(4, 'subscribe', inTab),
  kind(2, 'unsubscribe', inTab),
  kind(2, 'dispose', inTab),
  kind(2, 'create', { tab: fc.nat(3), isOther: often(false, [true], 5) }),
  kind(2, 'invalidate', { ...inTab, what: fc.constantFrom('current', 'earlier', 'junk') }),
  kind(3, 'clear', inTab),
  kind(2, 'open', { isVisible: often(true, [false], 5), isSubscribed: fc.boolean() }),
  kind(3, 'close', { tab: fc.nat(3), how: fc.constantFrom('reloaded', 'closed', 'crashed') }),
  kind(2, 'freeze', {
    tab: fc.nat(3),
    how: fc.constantFrom('bfcache', 'background'),
    forMs: fc.constantFrom(SECOND_MS, 15 * SECOND_MS, 3 * MINUTE_MS, 60 * MINUTE_MS),
  }),
  kind(2, 'show', { tab: fc.nat(3), isVisible: fc.boolean() }),
  kind(10, 'answerKeys', {
    answer: fc.constantFrom<KeyAnswer>(...KEY_ANSWERS),
    times: fc.constantFrom(1, 2, 3, 7, 100),
  }),
  kind(4, 'answerApi', {
    answer: fc.constantFrom<ApiAnswer>('insistExpired', 'insistInvalid', ...API_ANSWERS),
    times: fc.constantFrom(1, 2, 3, 100),
  }),
  kind(1, 'revoke', {}),
  kind(1, 'lifetime', { seconds: lifetimeSeconds }),
  kind(4, 'disk', { mode: fc.constantFrom<DiskMode>('ok', 'throws', 'hangs', 'slow', 'full') }),
  kind(2, 'damage', { damage: fc.constantFrom(...DAMAGES) }),
  kind(1, 'setClock', {
    byMs: fc.constantFrom(
      SECOND_MS,
      -SECOND_MS,
      MINUTE_MS,
      -MINUTE_MS,
      60 * MINUTE_MS,
      -60 * MINUTE_MS,
      DAY_MS,
      -DAY_MS,
    ),
  }),
  kind(2, 'sleep', { forMs: fc.constantFrom(10 * SECOND_MS, 10 * MINUTE_MS, 120 * MINUTE_MS) }),
  kind(2, 'onLine', { isOnLine: fc.boolean() }),
  kind(1, 'noise', {}),
)

const afterMs = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 4, arbitrary: fc.integer({ min: 200, max: 5000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 5000, max: MINUTE_MS }) },
  { weight: 2, arbitrary: fc.integer({ min: MINUTE_MS, max: 20 * MINUTE_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: 20 * MINUTE_MS, max: 80 * MINUTE_MS }) },
)

const step: fc.Arbitrary<Step> = fc
  .tuple(afterMs, action)
  .map(([afterMs, action]) => Object.assign({ afterMs }, action))

/** A setup, and up to 30 things that happen. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  setup,
  steps: fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
})
