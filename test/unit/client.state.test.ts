import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthState } from '../../src/index.ts'
import { failureOf, fakeLocks, fakeService, openPage, stubBrowser, tidyUp } from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

const broken = () => new Response('', { status: 503 })
const ready = (auth: { state: AuthState }) => vi.waitFor(() => expect(auth.state.status).toBe('ready'))

describe('the state', () => {
  it('goes from idle over loading to ready', async () => {
    const { auth } = await openPage()
    expect(auth.state).toEqual({ status: 'idle', storage: 'indexeddb' })
    const pending = auth.getKey()
    await vi.waitFor(() => expect(auth.state).toEqual({ status: 'loading', storage: 'indexeddb' }))
    const key = await pending
    expect(auth.state).toEqual({ status: 'ready', key, storage: 'indexeddb' })
    expect(auth.state.key).toBe(key)
  })

  it('is the same frozen object until something changes', async () => {
    const { auth } = await openPage()
    expect(auth.state).toBe(auth.state)
    expect(Object.isFrozen(auth.state)).toBe(true)
    await auth.getKey()
    await auth.getKey()
    const { state } = auth
    await auth.getKey()
    auth.subscribe(() => {})()
    expect(auth.state).toBe(state)
    expect(Object.isFrozen(state)).toBe(true)
  })

  it('tells the error when there is no good key, and loading while it is tried again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { auth, service } = await openPage()
    const { answerKey } = service
    service.answerKey = broken
    const error = await failureOf(auth.getKey({ maxWaitMs: 0 }))
    await vi.waitFor(() => expect(auth.state.status).toBe('error'))
    expect(auth.state.error).toBe(error)
    vi.setSystemTime(error.retryAtMs!)
    service.answerKey = answerKey
    const release = service.hold()
    const pending = auth.getKey()
    await vi.waitFor(() => expect(auth.state).toMatchObject({ status: 'loading', error: undefined }))
    release()
    await pending
    expect(auth.state.status).toBe('ready')
    expect(auth.state.error).toBeUndefined()
  })

  it('stays ready while a renewal fails, and callers keep their key (rule 4)', async () => {
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    service.answerKey = broken
    expect(await failureOf(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }))).toMatchObject({
      code: 'server',
    })
    expect(auth.state).toMatchObject({ status: 'ready', key })
    expect(await auth.getKey()).toBe(key)
  })

  it('is idle after clear', async () => {
    const { auth, service } = await openPage()
    await auth.getKey()
    await auth.clear()
    expect(auth.state).toEqual({ status: 'idle', storage: 'indexeddb' })
    expect(service.asked).toHaveLength(1)
  })

  it('has no key from the moment of clear on, also for subscribers, and none is asked for again', async () => {
    const { auth, service } = await openPage()
    auth.subscribe(() => {})
    await auth.getKey()
    const clearing = auth.clear()
    expect(auth.peek()).toBeUndefined()
    await clearing
    await new Promise(resolve => setImmediate(resolve))
    expect(auth.peek()).toBeUndefined()
    expect(service.asked).toHaveLength(1)
  })
})

describe('subscribe', () => {
  it('obtains a key, and calls at every change', async () => {
    const { auth, service } = await openPage()
    const seen: AuthState[] = []
    auth.subscribe(state => seen.push(state))
    await ready(auth)
    expect(seen.map(({ status }) => status)).toEqual(['loading', 'ready'])
    expect(seen.at(-1)).toBe(auth.state)
    expect(service.asked).toHaveLength(1)
  })

  it('does not call before its caller can unsubscribe', async () => {
    const { auth } = await openPage()
    const listener = vi.fn<() => void>()
    const unsubscribe = auth.subscribe(listener)
    expect(listener).not.toHaveBeenCalled()
    unsubscribe()
    await auth.getKey()
    expect(listener).not.toHaveBeenCalled()
  })

  it('twice in one go, as StrictMode does, makes one request (rule 17)', async () => {
    const { auth, service } = await openPage()
    auth.subscribe(() => {})()
    auth.subscribe(() => {})
    await ready(auth)
    expect(service.asked).toHaveLength(1)
  })

  it('takes the same listener twice, and one leaves without the other', async () => {
    const { auth } = await openPage()
    const listener = vi.fn<() => void>()
    const leave = auth.subscribe(listener)
    auth.subscribe(listener)
    await ready(auth)
    const calls = listener.mock.calls.length
    expect(calls % 2).toBe(0)
    leave()
    leave()
    listener.mockClear()
    await auth.clear()
    expect(listener).toHaveBeenCalledOnce()
  })

  it('reports a listener that throws, and the others still run (rule 19)', async () => {
    const report = vi.fn<(error: unknown) => void>()
    vi.stubGlobal('reportError', report)
    const { createAuth } = await openPage()
    const fault = new Error('the host has a fault')
    const fail = () => {
      throw fault
    }
    const auth = createAuth({ onEvent: fail })
    const after = vi.fn<(state: AuthState) => void>()
    auth.subscribe(fail)
    auth.subscribe(after)
    const key = await auth.getKey()
    expect(after).toHaveBeenLastCalledWith(expect.objectContaining({ status: 'ready', key }))
    expect(report.mock.calls.length).toBeGreaterThanOrEqual(2)
    expect(report.mock.calls.every(([error]) => error === fault)).toBe(true)
  })

  it('allows a listener to unsubscribe itself and others', async () => {
    const { auth } = await openPage()
    const seen: string[] = []
    const leave = auth.subscribe(() => {
      seen.push('first')
      leave()
    })
    auth.subscribe(() => seen.push('second'))
    await ready(auth)
    expect(seen.filter(name => name === 'first')).toHaveLength(1)
    expect(seen.filter(name => name === 'second').length).toBeGreaterThan(1)
  })

  it('takes up a stored key without a request', async () => {
    const service = fakeService()
    await (await openPage(service)).auth.getKey()
    const { auth } = await openPage(service)
    auth.subscribe(() => {})
    await ready(auth)
    expect(service.asked).toHaveLength(1)
  })
})

describe('events', () => {
  it('tell what happens, with the time', async () => {
    const service = fakeService()
    const { watchedAuth } = await openPage(service)
    const { auth, events, types } = watchedAuth()
    const key = await auth.getKey()
    await auth.invalidate(key)
    await auth.clear()
    const told = types()
    for (const type of ['key', 'invalidated', 'cleared']) expect(told).toContain(type)
    expect(told.indexOf('key')).toBeLessThan(told.indexOf('invalidated'))
    for (const { atMs } of events) expect(Math.abs(Date.now() - atMs)).toBeLessThan(60_000)
    service.answerKey = broken
    await failureOf(auth.getKey({ maxWaitMs: 0 }))
    expect(events.at(-1)).toMatchObject({ type: 'failure', error: { code: 'server' } })
  })

  it('tell that a stored key was taken up', async () => {
    const service = fakeService()
    const key = await (await openPage(service)).auth.getKey()
    const { auth, events } = (await openPage(service)).watchedAuth()
    await auth.getKey()
    expect(events).toMatchObject([{ type: 'cache_hit', expiresAtMs: key.expiresAtMs }])
  })
})
