import { describe, expect, test } from 'vitest'
import { failureOf, startVisit, type Visit } from './visit.ts'
import { VARIANTS, type Variant } from './ways.ts'

const MINUTE_MS = 60_000
const LONGEST_BLOCK_MS = 15 * MINUTE_MS
/** What a key lives in the emulator, whatever it is said to. */
const LIFETIME_MS = 1_200_000
/** How long before the end of the minute the limit is met below. */
const LEFT_MS = 40_000

/** The moment at which this library asks again after a refusal for the limit: when it is told, else after a minute. */
function expectedWaitMs({ faults = {}, clockOffsetMs = 0 }: Variant): number {
  const { retryAfter = 'none', exposeRetryAfter, retryAfterSeconds } = faults
  if (retryAfter === 'none' || !exposeRetryAfter) return MINUTE_MS
  const toldMs = retryAfterSeconds ? retryAfterSeconds * 1000 : LEFT_MS
  const waitMs = retryAfter === 'date' ? toldMs + clockOffsetMs : toldMs
  return waitMs > 0 ? Math.min(waitMs, LONGEST_BLOCK_MS) : MINUTE_MS
}

/** Whether a refusal can be told from one of the template, also by a visitor who never had a key. */
function speaksOfLimit({ limitStatus = 429, limitWords = 'all' }: NonNullable<Variant['faults']> = {}): boolean {
  return limitStatus === 429 || ['all', 'code', 'msg', 'hint'].includes(limitWords)
}

describe.each(VARIANTS)('where $name', variant => {
  const visit = () => startVisit(variant, { storage: variant.storage ?? 'memory' })
  const keyRequests = ({ emulator }: Visit) => emulator.counters.keyRequests

  /** A page with a key that is over, in a minute whose five requests colleagues have used up. */
  const meetLimit = async () => {
    const started = await visit()
    await started.auth.getKey()
    await started.pass(MINUTE_MS - LEFT_MS)
    await started.othersAsk(4)
    await started.endKey()
    return started
  }

  test('a first key costs one request, however many ask (rules 1, 2)', async () => {
    const started = await visit()
    const { auth } = started
    const keys = await Promise.all(Array.from({ length: 20 }, () => auth.getKey()))
    expect(new Set(keys).size).toBe(1)
    expect(await auth.getKey()).toBe(keys[0])
    expect(keyRequests(started)).toBe(1)
    expect(auth.state).toMatchObject({ status: 'ready', key: keys[0] })
  })

  test('sign and fetch send the key in its header, and in no URL (rule 11)', async () => {
    const { auth, list, listUrl, emulator } = await visit()
    expect((await list()).status).toBe(200)
    expect((await fetch(await auth.sign(listUrl))).status).toBe(200)
    const lists = emulator.log.filter(({ kind }) => kind === 'list')
    expect(lists).toMatchObject([
      { keyIn: 'header', status: 200 },
      { keyIn: 'header', status: 200 },
    ])
    expect(lists[0]?.keyLabel).toBe(lists[1]?.keyLabel)
  })

  test.each([
    [100, 'expired', 'expireKeys'],
    [10, 'invalid', 'revokeKeys'],
  ] as const)('%i requests refused as %s cost one key request, and all succeed (rule 12)', async (count, _, end) => {
    const started = await visit()
    const { auth, emulator, list } = started
    await auth.getKey()
    emulator[end]()
    const answers = await Promise.all(Array.from({ length: count }, list))
    const bodies = (await Promise.all(answers.map(answer => answer.json()))) as { status: string }[]
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(bodies.map(({ status }) => status)).toEqual(bodies.map(() => 'success'))
    expect(keyRequests(started)).toBe(2)
    expect(emulator.log.filter(({ kind }) => kind === 'list').length).toBeLessThanOrEqual(2 * count)
  })

  test('a request after the key’s life succeeds, for one more key request (rules 7, 9, 12)', async () => {
    const started = await visit()
    await started.list()
    await started.pass(LIFETIME_MS)
    const answer = await started.list()
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'success' })])
    expect(keyRequests(started)).toBe(2)
  })

  test('a renewal by timer disturbs nobody, and is never refused (rules 3, 4, 6, 9)', async () => {
    const started = await visit()
    const { auth, emulator } = started
    const states = started.states()
    const key = await auth.getKey()
    await started.passUntil(key.expiresAtMs - 1000)
    expect(keyRequests(started)).toBeGreaterThan(1)
    expect(emulator.counters.keyRequestsRefused).toBe(0)
    expect(auth.state.status).toBe('ready')
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(['loading', 'ready']))
    // The same key again is no longer good than it was.
    expect(auth.peek()?.expiresAtMs === key.expiresAtMs).toBe(auth.peek()?.value === key.value)
    expect((await started.list()).status).toBe(200)
  })

  test('a forced renewal costs one request, and leaves a good key whatever it brings (rules 6, 9)', async () => {
    const started = await visit()
    const { auth } = started
    const key = await auth.getKey()
    await started.pass(10_000)
    const renewed = await auth.getKey({ forceRefresh: true }).catch(() => auth.getKey())
    expect(keyRequests(started)).toBe(2)
    expect(renewed.value === key.value).toBe(variant.faults?.sameKeyAgain ?? false)
    expect(renewed.expiresAtMs - key.expiresAtMs).toBeCloseTo(renewed.value === key.value ? 0 : 10_000, -4)
    expect((await started.list()).status).toBe(200)
    expect(keyRequests(started)).toBe(2)
  })

  test('a sixth request in a minute is never sent (rule 3)', async () => {
    const started = await visit()
    const { auth, emulator } = started
    const startedAtMs = Date.now()
    for (let i = 0; i < 5; i++) {
      await auth.getKey()
      await started.endKey()
      await started.pass(2000)
    }
    const error = await failureOf(auth.getKey())
    expect(error).toMatchObject({ code: 'rate_limited', retryAtMs: startedAtMs + MINUTE_MS })
    expect(auth.state).toMatchObject({ status: 'error', retryAtMs: error.retryAtMs })
    expect(emulator.counters).toMatchObject({ keyRequests: 5, keyRequestsRefused: 0 })
    await started.passUntil(error.retryAtMs)
    expect((await started.list()).status).toBe(200)
    expect(emulator.counters).toMatchObject({ keyRequests: 6, keyRequestsRefused: 0 })
  })

  test('a minute used up by others is told as rate_limited, asked for once, and over at retryAtMs (rule 3)', async () => {
    const started = await meetLimit()
    const { auth, emulator } = started
    const error = await failureOf(started.list())
    expect(error).toMatchObject({ code: 'rate_limited', retryAtMs: Date.now() + expectedWaitMs(variant) })
    expect(auth.state).toMatchObject({ status: 'error', error, retryAtMs: error.retryAtMs })
    for (let i = 0; i < 3; i++) expect((await failureOf(auth.getKey())).code).toBe('rate_limited')
    expect(emulator.counters).toMatchObject({ keyRequests: 6, keyRequestsRefused: 1 })
    await started.passUntil(error.retryAtMs)
    expect((await started.list()).status).toBe(200)
    expect(emulator.counters).toMatchObject({ keyRequests: 7, keyRequestsRefused: 1 })
  })

  test('who may wait so long waits for that moment and gets a key (rule 3)', async () => {
    const started = await meetLimit()
    const { auth, emulator } = started
    const waiting = auth.getKey({ maxWaitMs: LONGEST_BLOCK_MS })
    // Where this test fails before it is awaited.
    waiting.catch(() => {})
    await started.settle()
    expect(auth.state).toMatchObject({ status: 'loading', retryAtMs: Date.now() + expectedWaitMs(variant) })
    await started.passUntil(auth.state.retryAtMs)
    expect(auth.state).toMatchObject({ status: 'ready', key: await waiting })
    expect(auth.state.retryAtMs).toBeUndefined()
    expect(emulator.counters).toMatchObject({ keyRequests: 7, keyRequestsRefused: 1 })
  })

  test('who finds the minute used up at the first visit gets a key when it is over (rules 3, 4)', async () => {
    const started = await visit()
    const { auth, emulator } = started
    await started.othersAsk(5)
    await started.pass(MINUTE_MS - LEFT_MS)
    const { code, retryAtMs } = await failureOf(auth.getKey())
    expect(code).toBe(speaksOfLimit(variant.faults) ? 'rate_limited' : 'template_rejected')
    await started.passUntil(retryAtMs)
    expect((await started.list()).status).toBe(200)
    expect(emulator.counters.keyRequestsRefused).toBe(1)
  })

  test('after clear() nothing is left, and the next key costs one request (rule 16)', async () => {
    const started = await visit()
    const { auth } = started
    const key = await auth.getKey()
    await auth.clear()
    expect([auth.peek(), auth.state.status]).toEqual([undefined, 'idle'])
    const next = await auth.getKey()
    expect(next.value === key.value).toBe(variant.faults?.sameKeyAgain ?? false)
    expect((await started.list()).status).toBe(200)
    expect(keyRequests(started)).toBe(2)
  })
})
