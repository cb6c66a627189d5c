import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { happen, showPage } from './fake-browser.ts'
import { failureOf, fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, START_MS, settle, watch } from './time.ts'

const locks = fakeLocks()
const goOnline = (isOnline: boolean) => {
  stubBrowser({ locks, onLine: isOnline })
  happen(isOnline ? 'online' : 'offline')
}

beforeEach(() => {
  freezeTime()
  goOnline(false)
  // The longest back-off: whoever goes on before it was woken.
  vi.spyOn(Math, 'random').mockReturnValue(0.999)
})
afterEach(tidyUp)

describe('while the browser is off line (rule 4)', () => {
  it('no request starts, whoever asks and however long, and no start is counted', async () => {
    const { createAuth, service } = await openPage()
    const storage = fakeStorage()
    const auth = createAuth({ storage })
    auth.subscribe(() => {})
    const callers = [
      watch(auth.getKey({ maxWaitMs: 9 * MINUTE_MS })),
      watch(auth.getKey({ forceRefresh: true })),
      watch(auth.getKey({ maxWaitMs: 0 })),
    ]
    await passTime(10 * MINUTE_MS)
    for (const { error } of callers) expect(error).toMatchObject({ code: 'network', retryAtMs: expect.any(Number) })
    expect(auth.state).toMatchObject({ status: 'error', error: { code: 'network' } })
    expect([service.asked.length, storage.writes.length]).toEqual([0, 0])
  })

  it('a stored or remembered key is used as ever', async () => {
    goOnline(true)
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    goOnline(false)
    expect(await auth.getKey()).toBe(key)
    expect((await (await openPage(service)).auth.getKey()).value).toBe(key.value)
    expect(await failureOf(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }))).toMatchObject({ code: 'network' })
    expect(service.asked).toHaveLength(1)
  })
})

describe('at online (rules 4 and 10)', () => {
  it('who waits goes on at once', async () => {
    const { auth, service } = await openPage()
    const caller = watch(auth.getKey({ maxWaitMs: 10 * MINUTE_MS }))
    await passTime(40_000)
    goOnline(true)
    await settle()
    expect(caller).toMatchObject({ value: auth.peek(), atMs: START_MS + 40_000 })
    expect(service.asked).toHaveLength(1)
  })

  it('who waits in a hidden page goes on at once, too: an upload of a tab in the background', async () => {
    const { auth, service } = await openPage()
    const caller = watch(auth.getKey({ maxWaitMs: 10 * MINUTE_MS }))
    await passTime(40_000)
    showPage(false)
    goOnline(true)
    await settle()
    expect(caller).toMatchObject({ value: auth.peek(), atMs: START_MS + 40_000 })
    expect(service.asked).toHaveLength(1)
  })

  it.each([0, 1000, 40_000])('a subscriber has a key within 5 s, off line for %i ms', async offlineMs => {
    const { auth, service } = await openPage()
    auth.subscribe(() => {})
    await passTime(offlineMs)
    expect(auth.state.status).toBe('error')
    goOnline(true)
    await passTime(5000)
    expect(auth.state.status).toBe('ready')
    expect(service.asked).toHaveLength(1)
  })

  it('a browser that is wrong about it, and says so again and again, costs no more than five a minute', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => Promise.reject(new TypeError('fetch failed'))
    goOnline(true)
    auth.subscribe(() => {})
    watch(auth.getKey({ maxWaitMs: 10 * MINUTE_MS }))
    for (let second = 0; second < 59; second++) {
      happen('online')
      await passTime(1000)
    }
    expect(service.asked).toHaveLength(5)
  })

  it('nobody who asked for nothing makes a request', async () => {
    const { auth, service } = await openPage()
    await failureOf(auth.getKey({ maxWaitMs: 0 }))
    goOnline(true)
    await passTime(10 * MINUTE_MS)
    expect(service.asked).toHaveLength(0)
    expect(auth.state.status).toBe('idle')
  })
})
