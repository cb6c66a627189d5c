import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthOptions } from '../../src/index.ts'
import { fakeAirwaves, happen } from './fake-browser.ts'
import { failureOf, fakeLocks, fakeService, fakeStorage, newKey, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { settle } from './time.ts'

let airwaves: ReturnType<typeof fakeAirwaves>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  airwaves = fakeAirwaves()
})
afterEach(tidyUp)

type Tab = ReturnType<Awaited<ReturnType<typeof openPage>>['watchedAuth']>

/** Tabs with a key each: the first has asked for it, the others have found it in storage. */
async function tabsWithKey(count: number, options: Partial<AuthOptions> = {}) {
  const service = fakeService()
  const tabs: Tab[] = []
  for (let tab = 0; tab < count; tab++) {
    const watched = (await openPage(service)).watchedAuth(options)
    await watched.auth.getKey()
    tabs.push(watched)
  }
  await settle()
  expect(service.asked).toHaveLength(1)
  return { service, tabs: tabs as [Tab, Tab, Tab] }
}

describe('what one tab obtains and does, the others hear of (rule 16)', () => {
  it('a new key: they take it from storage without a request', async () => {
    const { service, tabs } = await tabsWithKey(3)
    const renewed = await tabs[0].auth.getKey({ forceRefresh: true })
    await settle()
    expect(tabs.map(({ auth }) => auth.peek()?.value)).toEqual(Array(3).fill(renewed.value))
    expect(tabs[1].types().filter(type => type === 'cache_hit')).toHaveLength(2)
    expect(service.asked).toHaveLength(2)
  })

  it('a first key: a tab whose own attempt has failed has it too', async () => {
    const service = fakeService()
    const { answerKey } = service
    service.answerKey = () => new Response('', { status: 404 })
    const { auth } = await openPage(service)
    expect(await failureOf(auth.getKey())).toMatchObject({ code: 'template_rejected' })
    service.answerKey = answerKey
    const key = await (await openPage(service)).auth.getKey()
    await settle()
    expect(auth.state).toMatchObject({ status: 'ready', error: undefined })
    expect(auth.peek()?.value).toBe(key.value)
    expect(service.asked).toHaveLength(2)
  })

  it('from a tab that took its own key from storage, as well', async () => {
    const { service, tabs } = await tabsWithKey(2)
    const renewed = await tabs[1].auth.getKey({ forceRefresh: true })
    await settle()
    expect(tabs[0].auth.peek()?.value).toBe(renewed.value)
    const again = await tabs[0].auth.getKey({ forceRefresh: true })
    await settle()
    expect(tabs[1].auth.peek()?.value).toBe(again.value)
    expect(service.asked).toHaveLength(3)
  })

  it('clear: they forget, tell their listeners, and ask for nothing', async () => {
    const { service, tabs } = await tabsWithKey(3)
    const listener = vi.fn<(state: object) => void>()
    tabs[2].auth.subscribe(listener)
    await tabs[1].auth.clear()
    await settle()
    for (const { auth, types } of tabs) {
      expect(auth.peek()).toBeUndefined()
      expect(types()).toContain('cleared')
    }
    expect(listener).toHaveBeenLastCalledWith(expect.objectContaining({ status: 'idle', key: undefined }))
    expect(service.asked).toHaveLength(1)
  })

  it('invalidate: they forget, and who subscribes gets one new key for all', async () => {
    const { service, tabs } = await tabsWithKey(3)
    const key = tabs[0].auth.peek()!
    await tabs[1].auth.invalidate(key)
    await settle()
    for (const { auth, types } of tabs) {
      expect(auth.peek()).toBeUndefined()
      expect(types()).toContain('invalidated')
    }
    const renewed = await tabs[0].auth.getKey()
    await settle()
    expect(tabs.map(({ auth }) => auth.peek()?.value)).toEqual(Array(3).fill(renewed.value))
    expect(service.asked).toHaveLength(2)
  })

  it('of their own identity only', async () => {
    const storage = fakeStorage()
    const service = fakeService()
    const [first, second] = [await openPage(service), await openPage(service)]
    const anna = first.createAuth({ cacheScope: 'anna', storage })
    const berta = second.createAuth({ cacheScope: 'berta', storage })
    await anna.getKey()
    await berta.getKey()
    await settle()
    const { reads } = storage
    await anna.invalidate(anna.peek()!)
    await settle()
    expect(berta.peek()).toBeDefined()
    expect(storage.reads).toBe(reads)
  })

  it('with the real channel of Node, too', async () => {
    // One of its own class: happy-dom's, if there is one, hears nobody.
    const { BroadcastChannel: RealChannel } = await import('node:worker_threads')
    vi.stubGlobal('BroadcastChannel', RealChannel)
    const { tabs } = await tabsWithKey(2)
    const renewed = await tabs[0].auth.getKey({ forceRefresh: true })
    await vi.waitFor(() => expect(tabs[1].auth.peek()?.value).toBe(renewed.value))
  })
})

describe('a hint is never believed (rule 16)', () => {
  it.each([
    ['a key', () => newKey()],
    ['a record', () => ({ key: newKey(), startedAtMs: Date.now(), expiresAtMs: Date.now() + 60_000, generation: 9 })],
    ['a word', () => 'clear'],
    ['nothing', () => undefined],
    ['a list', () => [['key']]],
  ])('%s changes nothing', async (_, data) => {
    const { service, tabs } = await tabsWithKey(2)
    const { state } = tabs[1].auth
    const told = tabs[1].types()
    airwaves.forge(data())
    await settle()
    expect(tabs[1].auth.state).toBe(state)
    expect(tabs[1].types()).toEqual(told)
    expect(service.asked).toHaveLength(1)
  })

  it('nor does a forged hint of the right name: storage is the truth', async () => {
    const storage = fakeStorage()
    const { service, tabs } = await tabsWithKey(2, { storage })
    const { state } = tabs[1].auth
    const { reads } = storage
    for (let time = 0; time < 5; time++) airwaves.forge(airwaves.said[0])
    await settle()
    // Both have looked, and found what they knew.
    expect(storage.reads).toBe(reads + 10)
    expect(tabs[1].auth.state).toBe(state)
    expect(service.asked).toHaveLength(1)
  })

  it('and no message holds a key', async () => {
    const { service, tabs } = await tabsWithKey(2)
    await tabs[1].auth.getKey({ forceRefresh: true })
    await tabs[1].auth.clear()
    expect(airwaves.said.length).toBeGreaterThanOrEqual(3)
    expect(service.given).toHaveLength(2)
    for (const key of service.given) expect(JSON.stringify(airwaves.said)).not.toContain(key)
  })
})

describe('the channel and the page', () => {
  it('is closed when the page is left, and nothing is heard then (rule 19)', async () => {
    const { tabs } = await tabsWithKey(2)
    expect(airwaves.openCount()).toBe(2)
    happen('pagehide')
    expect(airwaves.openCount()).toBe(0)
    const before = tabs[1].auth.peek()
    tabs[1].auth.subscribe(() => {})()
    airwaves.forge(airwaves.said[0])
    await settle()
    expect(tabs[1].auth.peek()).toBe(before)
    expect(airwaves.openCount()).toBe(0)
  })

  it('is open again when the page is back, which catches up with what it missed (rule 16)', async () => {
    const { service, tabs } = await tabsWithKey(2)
    happen('pagehide')
    // While both were away, a third tab has renewed the key.
    const third = await openPage(service)
    const renewed = await third.auth.getKey({ forceRefresh: true })
    await settle()
    expect(tabs[0].auth.peek()?.value).not.toBe(renewed.value)
    happen('pageshow')
    await settle()
    for (const { auth } of tabs) expect(auth.peek()?.value).toBe(renewed.value)
    expect(airwaves.openCount()).toBe(3)
    const again = await third.auth.getKey({ forceRefresh: true })
    await settle()
    for (const { auth } of tabs) expect(auth.peek()?.value).toBe(again.value)
    expect(service.asked).toHaveLength(3)
  })

  it('is one at most, however often the page is left and shown (rule 19)', async () => {
    await tabsWithKey(1)
    for (let time = 0; time < 5; time++) {
      happen('pagehide')
      happen('pageshow')
      await settle()
    }
    expect(airwaves.openCount()).toBe(1)
  })

  it('is closed by dispose (rule 17)', async () => {
    const { tabs } = await tabsWithKey(2)
    tabs[0].auth.dispose()
    expect(airwaves.openCount()).toBe(1)
    happen('pageshow')
    await settle()
    expect(airwaves.openCount()).toBe(1)
  })

  it('there is none before a key is wanted, none for memory, and none in Node (rules 16 and 18)', async () => {
    const { createAuth } = await openPage()
    createAuth()
    expect(airwaves.openCount()).toBe(0)
    await createAuth({ storage: 'memory' }).getKey()
    expect(airwaves.openCount()).toBe(0)
    vi.stubGlobal('addEventListener', undefined)
    await createAuth({ storage: fakeStorage() }).getKey()
    expect([airwaves.openCount(), airwaves.said.length]).toEqual([0, 0])
  })

  it.each<[string, unknown]>([
    ['is absent, as in jsdom', undefined],
    [
      'throws, as in a sandboxed frame',
      function BroadcastChannel() {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    ],
  ])('that %s harms nobody (rule 19)', async (_, channel) => {
    vi.stubGlobal('BroadcastChannel', channel)
    const { service, tabs } = await tabsWithKey(2)
    await tabs[0].auth.getKey({ forceRefresh: true })
    await tabs[0].auth.clear()
    expect((await tabs[0].auth.getKey()).value).toBe(service.given[2])
  })
})
