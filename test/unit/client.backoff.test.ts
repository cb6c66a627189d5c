import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backOffMs } from '../../src/lifetime.ts'
import { failureOf, fakeLocks, fakeService, fakeStorage, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, START_MS, settle, watch } from './time.ts'

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
})
afterEach(tidyUp)

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('backOffMs (rule 4)', () => {
  it('is a whole number of milliseconds from 0 to the smaller of a minute and 1 s · 2^failures', () => {
    fc.assert(
      fc.property(fc.nat(2000), random, (failures, random) => {
        const waitMs = backOffMs(failures, random)
        expect(Number.isSafeInteger(waitMs)).toBe(true)
        expect(waitMs).toBeGreaterThanOrEqual(0)
        expect(waitMs).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** failures))
      }),
      { numRuns: 2000 },
    )
  })

  it('uses the whole of it: full jitter', () => {
    fc.assert(
      fc.property(fc.nat(20), random, (failures, random) => {
        const whole = Math.min(60_000, 1000 * 2 ** failures)
        expect(Math.abs(backOffMs(failures, random) - random * whole)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('doubles from 1 s to 60 s', () => {
    const whole = Array.from({ length: 9 }, (_, failures) => backOffMs(failures, 1))
    expect(whole).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })
})

type Service = ReturnType<typeof fakeService>
const startsOf = ({ asked }: Service) => asked.map(({ atMs }) => atMs - START_MS)
const failures: [string, () => Response | Promise<Response>][] = [
  ['server', () => new Response('', { status: 503 })],
  ['network', () => Promise.reject(new TypeError('fetch failed'))],
]

/** An auth of which no request count stands in the way, and the steps of `Math.random`. */
async function failing(random: number, answer = failures[0]![1]) {
  const { createAuth, service } = await openPage()
  vi.spyOn(Math, 'random').mockReturnValue(random)
  const { answerKey } = service
  service.answerKey = answer
  const auth = createAuth({ storage: fakeStorage(), maxKeyRequestsPerMinute: 1000, maxWaitMs: 0 })
  return { auth, service, mend: () => (service.answerKey = answerKey) }
}

describe('requests that fail one after the other (rule 4)', () => {
  it.each(failures)('are begun a random part of 1 s, 2 s, 4 s, 8 s after: %s', async (code, answer) => {
    for (const [random, starts] of [
      [0.999, [0, 999, 2997, 6993, 14_985]],
      [0.5, [0, 500, 1500, 3500, 7500, 15_500]],
    ] as const) {
      const { auth, service } = await failing(random, answer)
      const caller = watch(auth.getKey({ maxWaitMs: 15_500 }))
      await passTime(15_500)
      expect(startsOf(service)).toEqual(starts)
      expect(caller.error).toMatchObject({ code, retryAtMs: expect.any(Number) })
      tidyUp()
      freezeTime()
      stubBrowser({ locks: fakeLocks() })
    }
  })

  it('with a jitter of 0 are begun at once, five in all', async () => {
    const { createAuth, service } = await openPage()
    vi.spyOn(Math, 'random').mockReturnValue(0)
    service.answerKey = failures[0]![1]
    const caller = watch(createAuth({ cacheScope: 'unlucky', maxWaitMs: 15_000 }).getKey())
    await passTime(15_000)
    expect(startsOf(service)).toEqual([0, 0, 0, 0, 0])
    expect(caller.error).toMatchObject({ code: 'rate_limited', retryAtMs: START_MS + 60_000 })
  })

  it('each make a wait of its own, and each is told', async () => {
    const { watchedAuth, service } = await openPage()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    service.answerKey = failures[0]![1]
    const { auth, events } = watchedAuth({ storage: fakeStorage() })
    watch(auth.getKey({ maxWaitMs: 3000 }))
    await passTime(3000)
    const waits = events.filter(({ type }) => type === 'wait')
    expect(waits).toMatchObject([500, 1500].map(ms => ({ untilMs: START_MS + ms })))
    expect(events.filter(({ type }) => type === 'failure')).toHaveLength(3)
  })

  it('wait a minute at most', async () => {
    const { auth, service } = await failing(0.999)
    watch(auth.getKey({ maxWaitMs: 600_000 }))
    await passTime(600_000)
    const starts = startsOf(service)
    const gaps = starts.slice(1).map((atMs, index) => atMs - starts[index]!)
    expect(gaps.slice(0, 9)).toEqual([999, 1998, 3996, 7992, 15_984, 31_968, 59_940, 59_940, 59_940])
  })

  it('wait as long when each caller asks with forceRefresh', async () => {
    const { auth, service } = await failing(0.999)
    watch(auth.getKey({ maxWaitMs: 15_000, forceRefresh: true }))
    await passTime(15_000)
    expect(startsOf(service)).toEqual([0, 999, 2997, 6993, 14_985])
  })

  it('say when the next may be begun, and until then the same error comes without a request', async () => {
    const { auth, service } = await failing(0.5)
    const first = await failureOf(auth.getKey())
    expect(first).toMatchObject({ code: 'server', status: 503, retryAtMs: START_MS + 500 })
    await passTime(499)
    expect(await failureOf(auth.getKey())).toBe(first)
    expect(auth.state).toMatchObject({ status: 'error', error: first, retryAtMs: START_MS + 500 })
    expect(service.asked).toHaveLength(1)
    await passTime(1)
    const second = await failureOf(auth.getKey())
    expect(second).not.toBe(first)
    expect(second.retryAtMs).toBe(START_MS + 500 + 1000)
    expect(service.asked).toHaveLength(2)
  })

  it('are forgotten when one succeeds', async () => {
    const { auth, service, mend } = await failing(0.5)
    const { answerKey: broken } = service
    for (let count = 0; count < 4; count++) {
      await failureOf(auth.getKey())
      await passTime(10_000)
    }
    mend()
    await auth.getKey()
    await passTime(20 * 60_000)
    service.answerKey = broken
    expect((await failureOf(auth.getKey())).retryAtMs).toBe(Date.now() + 500)
    expect((await failureOf(auth.getKey())).retryAtMs).toBe(Date.now() + 500)
  })

  it.each(['clear', 'forceRefresh'])('are forgotten by %s', async how => {
    const { auth, mend } = await failing(0.5)
    for (let count = 0; count < 4; count++) {
      await failureOf(auth.getKey())
      await passTime(10_000)
    }
    await failureOf(auth.getKey())
    if (how === 'clear') await auth.clear()
    const forceRefresh = how === 'forceRefresh'
    expect((await failureOf(auth.getKey({ forceRefresh }))).retryAtMs).toBe(Date.now() + 500)
    mend()
    expect((await auth.getKey({ forceRefresh: true })).value).toMatch(/^SASS_/)
  })

  it('are not counted by a limit, which has its own time', async () => {
    const { auth, service } = await failing(0.5)
    const { answerKey: broken } = service
    service.answerKey = () => new Response('', { status: 429, headers: { 'Retry-After': '20' } })
    // Half of two minutes more after each refusal.
    for (const waitMs of [20_000, 80_000, 140_000]) {
      expect((await failureOf(auth.getKey({ maxWaitMs: 0 }))).retryAtMs).toBe(Date.now() + waitMs)
      await passTime(waitMs)
    }
    service.answerKey = broken
    expect((await failureOf(auth.getKey())).retryAtMs).toBe(Date.now() + 500)
  })
})

describe('renewals that fail (rule 4)', () => {
  it('disturb nobody while the key is good: neither callers nor the state', async () => {
    const { auth, service, mend } = await failing(0.5)
    mend()
    const key = await auth.getKey()
    const { answerKey: well } = service
    service.answerKey = failures[0]![1]
    const seen: string[] = []
    auth.subscribe(({ status }) => seen.push(status))
    // Renewal begins 60 to 120 s before the end of 20 minutes.
    await passTime(19.9 * 60_000)
    expect(service.asked.length).toBeGreaterThan(3)
    expect(await auth.getKey()).toBe(key)
    expect(new Set(seen)).toEqual(new Set())
    service.answerKey = well
    await passTime(60_000)
    await settle()
    expect(auth.state.status).toBe('ready')
    expect(auth.peek()?.value).not.toBe(key.value)
  })

  it('leave callers waiting only when the key is over', async () => {
    const { auth, service, mend } = await failing(0.999)
    mend()
    const key = await auth.getKey()
    const { answerKey: well } = service
    service.answerKey = failures[1]![1]
    auth.subscribe(() => {})
    await passTime(key.expiresAtMs - Date.now() - 1)
    expect(await auth.getKey()).toBe(key)
    await passTime(1)
    const caller = watch(auth.getKey({ maxWaitMs: 120_000 }))
    await settle()
    expect(caller).toEqual({})
    expect(auth.state.status).toBe('loading')
    service.answerKey = well
    await passTime(60_000)
    expect(caller.value?.value).toBe(service.given.at(-1))
  })
})
