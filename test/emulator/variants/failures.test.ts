import { describe, expect, test } from 'vitest'
import { type Faults, type KeyAnswer, SEED } from '../../../demo/emulator/index.ts'
import type { AuthErrorCode } from '../../../src/errors.ts'
import { failureOf, startVisit } from './visit.ts'

/** A key request that fails, on real HTTP: what a caller is told, and that a key comes when the service is well again. */

const MINUTE_MS = 60_000

/** What passes by itself: tried again, for a caller who may wait so long. */
const PASSING: [AuthErrorCode, Partial<Faults>][] = [
  ['network', { keyAnswer: 'drop' }],
  ['network', { keyAnswer: 'cut_off' }],
  ...([500, 502, 503, 504, 408] as const).map((errorStatus): [AuthErrorCode, Partial<Faults>] => [
    'server',
    { keyAnswer: 'server_error', errorStatus },
  ]),
]

/** What somebody has to mend first. */
const LASTING: [AuthErrorCode, Partial<Faults>][] = [
  ...(['html', 'empty', 'huge', 'no_key', 'wrong_prefix', 'endless'] as KeyAnswer[]).map(
    (keyAnswer): [AuthErrorCode, Partial<Faults>] => ['malformed_response', { keyAnswer }],
  ),
  ...([404, 400, 401, 403, 200] as const).map((rejectedStatus): [AuthErrorCode, Partial<Faults>] => [
    'template_rejected',
    { keyAnswer: 'template_rejected', rejectedStatus },
  ]),
]

/** What never answers, so that a deadline has to pass. */
const LATE: Partial<Faults>[] = [{ keyAnswer: 'hang' }, { keyAnswer: 'stalled' }, { holdAnswers: 'key' }]

describe.each([...PASSING, ...LASTING])('%s: %o', (code, faults) => {
  test('is told after one request to who does not wait, and is over when the service is well again (rules 4, 6)', async () => {
    const { auth, emulator, list, pass } = await startVisit({ faults })
    const error = await failureOf(auth.getKey())
    expect(error).toMatchObject({ name: 'AuthError', code })
    expect(auth.state).toMatchObject({ status: 'error', error })
    expect(emulator.counters.keyRequests).toBe(1)
    emulator.clearFaults()
    await pass(MINUTE_MS)
    expect((await list()).status).toBe(200)
    expect(emulator.counters.keyRequests).toBe(2)
  })
})

describe.each(PASSING)('%s: %o', (_, faults) => {
  test('is waited out, with the time of the next try in the state, by who may wait (rule 4)', async () => {
    const { auth, emulator, settle, pass, traffic } = await startVisit({ faults })
    const waiting = auth.getKey({ maxWaitMs: 10 * MINUTE_MS })
    waiting.catch(() => {})
    await settle()
    expect(traffic.sent).toBe(1)
    expect(auth.state).toMatchObject({ status: 'loading', retryAtMs: expect.any(Number) as number })
    await pass(2 * MINUTE_MS)
    // Backing off, and never more than the service allows.
    expect(traffic.sent).toBeGreaterThan(2)
    expect(traffic.sent).toBeLessThanOrEqual(11)
    emulator.clearFaults()
    await pass(MINUTE_MS)
    expect(auth.state).toMatchObject({ status: 'ready', key: await waiting })
  })
})

describe.each(LASTING)('%s: %o', (code, faults) => {
  test('is not waited for: trying again would not help (rule 4)', async () => {
    const { auth, emulator } = await startVisit({ faults })
    expect((await failureOf(auth.getKey({ maxWaitMs: 10 * MINUTE_MS }))).code).toBe(code)
    expect(emulator.counters.keyRequests).toBe(1)
  })
})

describe.each(LATE)('%o', faults => {
  test('ends at the deadline, and is over when the service is well again (rules 4, 6)', async () => {
    const { auth, emulator, list, pass, hurry, until, traffic } = await startVisit({ faults }, { timeoutMs: 3000 })
    const failure = failureOf(auth.getKey())
    await until(() => traffic.sent === 1)
    await hurry(2999)
    expect(auth.state.status).toBe('loading')
    await hurry(1)
    expect(await failure).toMatchObject({ code: 'timeout' })
    emulator.clearFaults()
    await pass(MINUTE_MS)
    expect((await list()).status).toBe(200)
  })
})

test('an answer that is slow, but in time, is everybody’s (rules 1, 2)', async () => {
  const { auth, emulator, hurry, until } = await startVisit({ faults: { holdAnswers: 'key' } })
  const keys = Promise.all([auth.getKey(), auth.getKey()])
  await until(() => emulator.heldAnswers === 1)
  await hurry(9000)
  const late = auth.getKey()
  expect(auth.state.status).toBe('loading')
  emulator.release()
  expect(new Set([...(await keys), await late]).size).toBe(1)
  expect(emulator.counters.keyRequests).toBe(1)
})

test('an answer that comes after clear() was called is thrown away (rule 16)', async () => {
  const { auth, emulator, pass, until } = await startVisit({ faults: { holdAnswers: 'key' } })
  const key = auth.getKey()
  await until(() => emulator.heldAnswers === 1)
  const cleared = auth.clear()
  emulator.clearFaults()
  await cleared
  await pass(1000)
  expect(await auth.getKey()).toBe(await key)
  expect(emulator.counters.keysIssued).toBe(2)
})

test('a service that gives a dead key again and again is asked no faster for it (rules 6, 12)', async () => {
  const { auth, emulator, list, pass } = await startVisit({ faults: {} })
  await auth.getKey()
  emulator.expireKeys()
  emulator.setFaults({ keyAnswer: 'old_key' })
  expect(await failureOf(list())).toMatchObject({ code: 'key_rejected' })
  const askedAtFirst = emulator.counters.keyRequests
  for (let i = 0; i < 10; i++) {
    await failureOf(list())
    await pass(1000)
  }
  expect(emulator.counters.keyRequests - askedAtFirst).toBeLessThanOrEqual(5)
  emulator.clearFaults()
  await pass(MINUTE_MS)
  expect((await list()).status).toBe(200)
})

test('a visitor from where the template is not for is told so, and served when he is elsewhere (rule 4)', async () => {
  const { auth, emulator, list, pass } = await startVisit({ faults: { callerCountry: 'FR' } })
  emulator.putTemplate({ id: SEED.templateId, token: SEED.token, permissions: ['OBJECTS_LIST'], countries: ['DE'] })
  expect(await failureOf(auth.getKey())).toMatchObject({ code: 'template_rejected', status: 403 })
  emulator.setFaults({ callerCountry: 'DE' })
  expect((await failureOf(auth.getKey())).code).toBe('template_rejected')
  await pass(MINUTE_MS)
  expect((await list()).status).toBe(200)
  expect(emulator.counters.keyRequests).toBe(2)
})
