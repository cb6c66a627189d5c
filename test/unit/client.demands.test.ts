import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, fakeLocks, fakeService, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, settle, watch } from './time.ts'

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
})
afterEach(tidyUp)

const LIFETIME_MS = 20 * MINUTE_MS
const broken = () => new Response('', { status: 503 })

/** Makes key requests take as long. */
function slow(service: ReturnType<typeof fakeService>, ms: number) {
  const { answerKey } = service
  service.answerKey = () =>
    new Promise(resolve => {
      setTimeout(() => resolve(answerKey()), ms)
    })
}

describe('minValidityMs (rule 9)', () => {
  it.each([
    [LIFETIME_MS - MINUTE_MS - 1, 1],
    [LIFETIME_MS - MINUTE_MS, 2],
    [LIFETIME_MS, 2],
  ])('%i ms, of a key that is a minute old: %i requests in all', async (minValidityMs, requests) => {
    const { auth, service } = await openPage()
    await auth.getKey()
    await passTime(MINUTE_MS)
    const key = await auth.getKey({ minValidityMs })
    await settle()
    expect(service.asked).toHaveLength(requests)
    expect(key.value).toBe(service.given.at(-1))
  })

  it.each([LIFETIME_MS + 1, 86_400_000, Number.POSITIVE_INFINITY])(
    'that no key has (%d) costs one request a call, and the new key is returned',
    async minValidityMs => {
      const { auth, service } = await openPage()
      for (let call = 1; call <= 3; call++) {
        expect((await auth.getKey({ minValidityMs })).value).toBe(service.given[call - 1])
        expect(service.asked).toHaveLength(call)
        await passTime(1000)
      }
    },
  )

  it('of a hundred callers at once is met by one request', async () => {
    const { auth, service } = await openPage()
    await auth.getKey()
    await passTime(MINUTE_MS)
    const calls = Array.from({ length: 100 }, (_, call) => auth.getKey({ minValidityMs: LIFETIME_MS + call }))
    expect(new Set(await Promise.all(calls)).size).toBe(1)
    expect(service.asked).toHaveLength(2)
  })

  it('is met by the longer key that another tab has left in storage, without a request', async () => {
    const service = fakeService()
    const [one, other] = [await openPage(service), await openPage(service)]
    await one.auth.getKey()
    await passTime(10 * MINUTE_MS)
    const renewed = await other.auth.getKey({ forceRefresh: true })
    expect((await one.auth.getKey({ minValidityMs: 15 * MINUTE_MS })).value).toBe(renewed.value)
    expect(service.asked).toHaveLength(2)
  })

  it('cannot be met while the service fails: the key is good, and is returned', async () => {
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    await passTime(1000)
    service.answerKey = broken
    expect(await auth.getKey({ minValidityMs: LIFETIME_MS, maxWaitMs: 0 })).toBe(key)
    expect(auth.state).toMatchObject({ status: 'ready', key })
  })
})

describe('forceRefresh (rule 9)', () => {
  it('joins the request that is under way', async () => {
    const { auth, service } = await openPage()
    slow(service, 3000)
    const first = watch(auth.getKey())
    await passTime(1000)
    const forced = watch(auth.getKey({ forceRefresh: true }))
    const longer = watch(auth.getKey({ minValidityMs: LIFETIME_MS }))
    await passTime(2000)
    expect(first.value).toBeDefined()
    expect([forced.value, longer.value]).toEqual([first.value, first.value])
    await passTime(MINUTE_MS)
    expect(service.asked).toHaveLength(1)
  })

  it('does not take for one the reading of a stored key, which is under way', async () => {
    const service = fakeService()
    const storage = fakeStorage()
    await (await openPage(service)).createAuth({ storage }).getKey()
    const auth = (await openPage(service)).createAuth({ storage })
    await passTime(1000)
    const [plain, forced] = [auth.getKey(), auth.getKey({ forceRefresh: true })]
    expect((await plain).value).toBe(service.given[0])
    expect((await forced).value).toBe(service.given[1])
    expect(service.asked).toHaveLength(2)
  })

  it('is met by a key of another tab, where its request began after the call', async () => {
    const service = fakeService()
    const [one, other] = [await openPage(service), await openPage(service)]
    await one.auth.getKey()
    await other.auth.getKey()
    await passTime(1000)
    slow(service, 5000)
    const first = watch(one.auth.getKey({ forceRefresh: true }))
    await settle()
    // It waits for the lock, and finds a key that is a second younger than its call.
    const second = watch(other.auth.getKey({ forceRefresh: true }))
    await passTime(4000)
    const third = watch(other.auth.getKey({ forceRefresh: true, minValidityMs: LIFETIME_MS - 10_000 }))
    await passTime(MINUTE_MS)
    expect(first.value?.value).toBe(service.given[1])
    // The request of the first tab began in the millisecond of this call or before, so it needs one of its own.
    expect(second.value?.value).toBe(service.given[2])
    expect(third.value?.value).toBe(service.given[2])
    expect(service.asked).toHaveLength(3)
  })

  it('within the same millisecond brings a new key as well', async () => {
    const { auth, service } = await openPage()
    await auth.getKey()
    expect((await auth.getKey({ forceRefresh: true })).value).toBe(service.given[1])
    expect(auth.peek()?.value).toBe(service.given[1])
  })

  it.each([
    [0, -1],
    [0, -900],
    [10_000, -900],
    [10_000, -10_500],
    [10_000, -60_000],
  ])('brings a new key though %i ms after the last the clock is set by %i ms (rule 8)', async (afterMs, byMs) => {
    const { auth, service } = await openPage()
    await auth.getKey()
    await passTime(afterMs)
    vi.setSystemTime(Date.now() + byMs)
    const forced = watch(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }))
    await passTime(1000)
    expect(forced.value?.value).toBe(service.given[1])
    expect(auth.peek()?.value).toBe(service.given[1])
    expect(service.asked).toHaveLength(2)
  })

  it('that fails rejects, though the old key is good and stays in use', async () => {
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    await passTime(1000)
    service.answerKey = broken
    expect(await failureOf(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }))).toMatchObject({ code: 'server' })
    expect(await auth.getKey()).toBe(key)
    expect(auth.state).toEqual({ status: 'ready', key, storage: 'indexeddb' })
  })

  it('waits for room, and disturbs nobody meanwhile', async () => {
    const { auth, service } = await openPage()
    for (let count = 0; count < 5; count++) {
      await auth.getKey({ forceRefresh: true })
      await passTime(1000)
    }
    const key = await auth.getKey()
    const forced = watch(auth.getKey({ forceRefresh: true, maxWaitMs: MINUTE_MS }))
    await settle()
    expect(auth.state).toEqual({ status: 'ready', key, storage: 'indexeddb' })
    expect(await auth.getKey()).toBe(key)
    await passTime(MINUTE_MS)
    expect(forced.value?.value).toBe(service.given[5])
    expect(service.asked).toHaveLength(6)
  })

  it('of callers who wait for different things is one request', async () => {
    const { auth, service } = await openPage()
    const { answerKey } = service
    service.answerKey = () => new Response('', { status: 429, headers: { 'Retry-After': '10' } })
    const callers = [
      auth.getKey(),
      auth.getKey({ forceRefresh: true }),
      auth.getKey({ minValidityMs: 600_000, maxWaitMs: MINUTE_MS }),
    ].map(watch)
    await settle()
    service.answerKey = answerKey
    await passTime(10_000)
    expect(new Set(callers.map(({ value }) => value))).toEqual(new Set([auth.peek()]))
    expect(service.asked).toHaveLength(2)
  })
})

describe('a double mount, as React’s StrictMode does it (rule 17)', () => {
  it.each(['subscribe', 'getKey'] as const)('createAuth, %s, dispose, and all of it again: one request', async how => {
    const { createAuth, service } = await openPage()
    const mount = () => {
      const auth = createAuth()
      if (how === 'subscribe') auth.subscribe(() => {})
      else watch(auth.getKey())
      return auth
    }
    mount().dispose()
    const auth = mount()
    await passTime(MINUTE_MS)
    expect(auth.state.status).toBe('ready')
    expect(service.asked).toHaveLength(1)
  })

  it('subscribe, unsubscribe, subscribe: one request, and the first listener hears nothing', async () => {
    const { auth, service } = await openPage()
    const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()]
    auth.subscribe(first)()
    auth.subscribe(second)
    await passTime(MINUTE_MS)
    expect(service.asked).toHaveLength(1)
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalled()
  })
})
