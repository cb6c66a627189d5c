import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  FILES,
  failureOf,
  fakeLocks,
  fakeService,
  fakeStorage,
  json,
  openPage,
  refusal,
  stubBrowser,
  tidyUp,
} from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

/** Two auths of one identity, and a request that waits. */
async function midRequest() {
  const storage = fakeStorage()
  const { createAuth, service } = await openPage()
  const [one, other] = [createAuth({ storage }), createAuth({ storage })]
  const release = service.hold()
  const pending = [one.getKey(), other.getKey()] as const
  // Watched before it can fail.
  const failure = failureOf(pending[0])
  await vi.waitFor(() => expect(service.asked).toHaveLength(1))
  return { one, other, pending, failure, storage, service, release, signal: service.asked[0]!.init.signal! }
}

describe('aborting one caller (rule 17)', () => {
  it.each([new Error('changed my mind'), 'a word', undefined])('rejects him alone, with his reason: %s', async why => {
    const { auth, service } = await openPage()
    const release = service.hold()
    const caller = new AbortController()
    const mine = failureOf(auth.getKey({ signal: caller.signal }))
    const others = [auth.getKey(), auth.getKey({ signal: new AbortController().signal })]
    await vi.waitFor(() => expect(service.asked).toHaveLength(1))
    caller.abort(why)
    expect(await mine).toBe(caller.signal.reason)
    expect(service.asked[0]?.init.signal?.aborted).toBe(false)
    release()
    for (const key of await Promise.all(others)) expect(key.value).toBe(service.given[0])
  })

  it('leaves the request running when nobody waits any more', async () => {
    const { auth, service } = await openPage()
    const release = service.hold()
    const caller = new AbortController()
    const mine = failureOf(auth.getKey({ signal: caller.signal }))
    await vi.waitFor(() => expect(service.asked).toHaveLength(1))
    caller.abort()
    await mine
    release()
    await vi.waitFor(() => expect(auth.state.status).toBe('ready'))
    expect(auth.peek()?.value).toBe(service.given[0])
  })

  it('before the call makes no request', async () => {
    const { auth, service } = await openPage()
    const reason = new Error('too late')
    expect(await failureOf(auth.getKey({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(service.asked).toHaveLength(0)
  })

  it('leaves nothing on a signal that lives long', async () => {
    const { auth } = await openPage()
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    await auth.getKey({ signal })
    await auth.getKey({ signal, forceRefresh: true })
    const left = added.mock.calls.filter(([, , options]) => {
      const end = (options as AddEventListenerOptions | undefined)?.signal
      return !end?.aborted
    })
    expect(left.length).toBeLessThanOrEqual(removed.mock.calls.length)
  })
})

describe('dispose (rule 17)', () => {
  it('in mid-request rejects its own callers, and the other instance gets the key', async () => {
    const { one, failure, pending, release, signal, service } = await midRequest()
    one.dispose()
    expect(await failure).toMatchObject({ code: 'disposed' })
    expect(signal.aborted).toBe(false)
    release()
    expect((await pending[1]).value).toBe(service.given[0])
  })

  it('by the last user aborts the request, and nothing is written after it', async () => {
    const { one, other, failure, pending, storage, release, signal } = await midRequest()
    const failures = [failure, failureOf(pending[1])]
    const writes = storage.writes.length
    one.dispose()
    other.dispose()
    for (const ended of failures) expect(await ended).toMatchObject({ code: 'disposed' })
    expect(signal.aborted).toBe(true)
    release()
    await new Promise(resolve => setImmediate(resolve))
    await new Promise(resolve => setImmediate(resolve))
    expect(storage.writes).toHaveLength(writes)
    expect([...storage.content.keys()].some(name => name.startsWith('key'))).toBe(false)
  })

  it('ends the timers, the listeners and the subscription', async () => {
    const { auth, service } = await openPage()
    const listener = vi.fn<() => void>()
    auth.subscribe(listener)
    await auth.getKey()
    auth.dispose()
    listener.mockClear()
    await (await openPage(service)).auth.getKey({ forceRefresh: true })
    globalThis.dispatchEvent(new Event('pageshow'))
    globalThis.dispatchEvent(new Event('online'))
    await new Promise(resolve => setImmediate(resolve))
    expect(listener).not.toHaveBeenCalled()
  })

  it.each<[string, () => Response, unknown]>([
    ['a success is the caller’s', () => json({ status: 'success' }), 200],
    ['of a refusal nothing is written, and no key asked for', () => refusal('KEY_EXPIRED'), 'disposed'],
  ])('leaves a signed request under way alone: %s', async (_, answerOf, expected) => {
    const storage = fakeStorage()
    const { createAuth, service } = await openPage()
    const auth = createAuth({ storage })
    let answer: (response: Response) => void = () => {}
    service.answerApi = () => new Promise(resolve => (answer = resolve))
    const outcome = auth.fetch(FILES).then(
      ({ status }) => status,
      ({ code }) => code as unknown,
    )
    await vi.waitFor(() => expect(service.requests).toHaveLength(1))
    const writes = storage.writes.length
    auth.dispose()
    expect(service.requests[0]!.signal.aborted).toBe(false)
    answer(answerOf())
    expect(await outcome).toBe(expected)
    expect([storage.writes.length, service.requests.length, service.asked.length]).toEqual([writes, 1, 1])
  })

  it('makes every later call fail with "disposed"', async () => {
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    auth.dispose()
    expect(auth.peek()).toBeUndefined()
    for (const call of [
      () => auth.getKey(),
      () => auth.sign(FILES),
      () => auth.fetch(FILES),
      () => auth.invalidate(key),
      () => auth.clear(),
      async () => auth.subscribe(() => {}),
    ]) {
      expect(await failureOf(call())).toMatchObject({ name: 'AuthError', code: 'disposed' })
    }
    expect(service.requests).toHaveLength(0)
  })

  it('may be called twice, and by Symbol.dispose where that exists', async () => {
    const { createAuth, service } = await openPage()
    const [auth, other] = [createAuth(), createAuth()]
    auth.dispose()
    auth.dispose()
    expect((await other.getKey()).value).toBe(service.given[0])
    const { dispose } = Symbol as { dispose?: symbol }
    if (dispose) (other as unknown as Record<symbol, () => void>)[dispose]?.()
    else other.dispose()
    expect(await failureOf(other.getKey())).toMatchObject({ code: 'disposed' })
  })

  it('works without its object: methods are bound', async () => {
    const { auth } = await openPage()
    const { getKey, peek, invalidate, clear, subscribe, sign, dispose } = auth
    const key = await getKey()
    expect(peek()).toBe(key)
    expect((await sign(FILES)).headers.get('X-Filerobot-Key')).toBe(key.value)
    subscribe(() => {})()
    await invalidate(key)
    await clear()
    dispose()
    expect(peek()).toBeUndefined()
  })

  it('lets a new auth begin anew', async () => {
    const service = fakeService()
    const { createAuth } = await openPage(service)
    const first = createAuth({ storage: 'memory' })
    const key = await first.getKey()
    first.dispose()
    const second = createAuth({ storage: 'memory' })
    expect(second.peek()).toBeUndefined()
    expect((await second.getKey()).value).toBeTypeOf('string')
    expect(key.value).toBe(service.given[0])
  })
})
