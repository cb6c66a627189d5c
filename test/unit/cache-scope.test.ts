import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthOptions } from '../../src/index.ts'
import { fakeAirwaves } from './fake-browser.ts'
import { fakeMachine } from './fake-machine.ts'
import { failureOf, fakeLocks, fakeService, fakeStorage, newKey, openPage, stubBrowser, tidyUp } from './fakes.ts'

type RequestKey = NonNullable<AuthOptions['requestKey']>

let machine: ReturnType<typeof fakeMachine>
let locks: ReturnType<typeof fakeLocks>
let airwaves: ReturnType<typeof fakeAirwaves>

beforeEach(() => {
  locks = fakeLocks()
  stubBrowser({ locks })
  airwaves = fakeAirwaves()
  machine = fakeMachine()
})
afterEach(tidyUp)

/** A function of the host's that gives another key each time. */
const host = () => vi.fn<RequestKey>(async () => newKey())

describe('requestKey without cacheScope: in memory, unshared (rule 2)', () => {
  it('touches no storage, lock or channel', async () => {
    const storage = fakeStorage()
    const { createAuth } = await openPage()
    const auth = createAuth({ requestKey: host(), storage })
    expect(auth.state.storage).toBe('memory')
    const key = await machine.until(auth.getKey())
    expect(await machine.until(auth.getKey())).toBe(key)
    await machine.until(auth.invalidate(key))
    await machine.until(auth.getKey())
    await machine.until(auth.clear())
    expect([storage.reads, storage.content.size, locks.asked, airwaves.openCount()]).toEqual([0, 0, 0, 0])
  })

  it('is shared by the auths of one function object, and by no others', async () => {
    const { createAuth } = await openPage()
    const [anna, berta] = [host(), host()]
    const auths = [anna, anna, berta].map(requestKey => createAuth({ requestKey }))
    const keys = await machine.until(Promise.all(auths.map(auth => auth.getKey())))
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]!.value).not.toBe(keys[0]!.value)
    expect([anna.mock.calls.length, berta.mock.calls.length]).toEqual([1, 1])
  })

  it('ends with the page', async () => {
    const requestKey = host()
    const service = fakeService()
    for (let load = 0; load < 3; load++) {
      const auth = (await openPage(service)).createAuth({ requestKey })
      await machine.until(auth.getKey())
      auth.dispose()
    }
    expect(requestKey).toHaveBeenCalledTimes(3)
  })

  it('counts five a minute all the same, each function for itself (rule 3)', async () => {
    const { createAuth, service } = await openPage()
    const [anna, berta] = [host(), host()]
    const auth = createAuth({ requestKey: anna })
    for (let time = 0; time < 5; time++) {
      await machine.until(auth.getKey({ forceRefresh: true }))
      await machine.pass(100)
    }
    const error = await machine.until(failureOf(auth.getKey({ forceRefresh: true, maxWaitMs: 0 })))
    expect(error).toMatchObject({ code: 'rate_limited', retryAtMs: machine.wallMs - 500 + 60_000 })
    expect(anna).toHaveBeenCalledTimes(5)
    // Others are not hindered: who asks in the usual way, and another function.
    await machine.until(createAuth({ requestKey: berta }).getKey({ maxWaitMs: 0 }))
    await machine.until(createAuth().getKey({ maxWaitMs: 0 }))
    expect(service.asked).toHaveLength(1)
  })
})

describe('requestKey with cacheScope (rule 2)', () => {
  it('is stored, and shared with other tabs and later page loads', async () => {
    const [storage, service] = [fakeStorage(), fakeService()]
    // Functions of two page loads are never the same.
    const [first, later] = [host(), host()]
    const one = (await openPage(service)).createAuth({ requestKey: first, cacheScope: 'anna', storage })
    const other = (await openPage(service)).createAuth({ requestKey: later, cacheScope: 'anna', storage })
    const keys = await machine.until(Promise.all([one.getKey(), other.getKey()]))
    expect(keys[0].value).toBe(keys[1].value)
    expect(first.mock.calls.length + later.mock.calls.length).toBe(1)
    expect([one.state.storage, locks.asked > 0, airwaves.openCount()]).toEqual(['custom', true, 2])
    const renewed = await machine.until(one.getKey({ forceRefresh: true }))
    await machine.settle()
    expect(other.peek()?.value).toBe(renewed.value)
  })

  it('goes to the database where nothing else is chosen', async () => {
    const { createAuth } = await openPage()
    const auth = createAuth({ requestKey: host(), cacheScope: 'anna' })
    await machine.until(auth.getKey())
    expect(auth.state.storage).toBe('indexeddb')
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['filerobot-widget-auth'])
  })

  it('is kept apart by scope: nobody is given another user’s key', async () => {
    const [storage, service] = [fakeStorage(), fakeService()]
    const scopes = ['anna', 'berta', '', 'anna"]', '["anna"]', 'Anna']
    const values = new Set<string>()
    for (const cacheScope of scopes) {
      const auth = (await openPage(service)).createAuth({
        requestKey: host(),
        cacheScope,
        storage,
        maxKeyRequestsPerMinute: 100,
      })
      values.add((await machine.until(auth.getKey())).value)
    }
    expect(values.size).toBe(scopes.length)
    // And each finds its own again.
    for (const cacheScope of scopes) {
      const never = vi.fn<RequestKey>(() => Promise.reject(new Error('not asked')))
      const auth = (await openPage(service)).createAuth({ requestKey: never, cacheScope, storage })
      expect(values.delete((await machine.until(auth.getKey())).value)).toBe(true)
    }
  })
})

describe('cacheScope with the usual request (rule 2)', () => {
  it('keeps keys apart, and clear forgets one user’s only', async () => {
    const [storage, service] = [fakeStorage(), fakeService()]
    const { createAuth } = await openPage(service)
    const [nobody, anna, berta] = [undefined, 'anna', 'berta'].map(cacheScope => createAuth({ cacheScope, storage }))
    const auths = [nobody!, anna!, berta!]
    const keys = await machine.until(Promise.all(auths.map(auth => auth.getKey())))
    expect(new Set(keys.map(({ value }) => value)).size).toBe(3)
    await machine.until(anna!.clear())
    expect(auths.map(auth => auth.peek()?.value)).toEqual([keys[0]!.value, undefined, keys[2]!.value])
    expect((await machine.until(berta!.getKey())).value).toBe(keys[2]!.value)
    expect(service.asked).toHaveLength(3)
  })

  it('shares the five of a minute, also between tabs (rule 3)', async () => {
    const [storage, service] = [fakeStorage(), fakeService()]
    const [first, second] = [await openPage(service), await openPage(service)]
    for (let user = 0; user < 5; user++) {
      const page = user % 2 ? first : second
      await machine.until(page.createAuth({ cacheScope: `user ${user}`, storage }).getKey({ maxWaitMs: 0 }))
    }
    const sixth = first.createAuth({ cacheScope: 'user 5', storage })
    expect(await machine.until(failureOf(sixth.getKey({ maxWaitMs: 0 })))).toMatchObject({ code: 'rate_limited' })
    // Who waits has a key after a minute.
    await machine.until(sixth.getKey({ maxWaitMs: 60_000 }))
    expect(service.asked).toHaveLength(6)
  })
})

describe('keyUrl, an endpoint of the site', () => {
  it('may be relative, and is asked with the site’s cookies and no header of ours (rule 5)', async () => {
    const { createAuth, service } = await openPage()
    const auth = createAuth({ keyUrl: 'api/key?for=widget', templateId: undefined })
    await machine.until(auth.getKey())
    const { url, init } = service.asked[0]!
    expect(url).toBe(new URL('api/key?for=widget', document.baseURI).href)
    expect(init).toMatchObject({ credentials: 'same-origin', cache: 'no-store' })
    expect([init.headers, init.method]).toEqual([undefined, undefined])
  })

  it('has five a minute of its own, however it was written (rule 3)', async () => {
    const storage = fakeStorage()
    const { createAuth, service } = await openPage()
    const absolute = new URL('/api/key', document.baseURI)
    const ways = ['/api/key', absolute, absolute.href]
    for (let time = 0; time < 5; time++) {
      const auth = createAuth({ keyUrl: ways[time % 3], cacheScope: `user ${time}`, storage })
      await machine.until(auth.getKey({ maxWaitMs: 0 }))
    }
    const sixth = createAuth({ keyUrl: ways[0], cacheScope: 'user 5', storage })
    expect(await machine.until(failureOf(sixth.getKey({ maxWaitMs: 0 })))).toMatchObject({ code: 'rate_limited' })
    await machine.until(createAuth({ storage }).getKey({ maxWaitMs: 0 }))
    expect(service.asked).toHaveLength(6)
  })
})
