import { IDBObjectStore as FakeObjectStore, forceCloseDatabase } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeAirwaves, happen } from './fake-browser.ts'
import { fakeMachine, fakeTimedService, mostInAMinute } from './fake-machine.ts'
import { fakeLocks, fakeStorage, MINUTE_MS, openPage, storedRecords, stubBrowser, tidyUp } from './fakes.ts'

let machine: ReturnType<typeof fakeMachine>
let service: ReturnType<typeof fakeTimedService>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  fakeAirwaves()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  machine = fakeMachine()
  service = fakeTimedService(machine)
})
afterEach(tidyUp)

describe('storage that was healed (rule 15)', () => {
  it('is used again after it was left alone for a minute, and the state and an event say so', async () => {
    const storage = fakeStorage()
    const { auth, types } = (await openPage(service)).watchedAuth({ storage })
    auth.subscribe(() => {})
    storage.fails = true
    await machine.pass(5000)
    expect(auth.state).toMatchObject({ status: 'ready', storage: 'memory' })
    storage.fails = false
    await machine.pass(40_000)
    const tries = storage.reads
    await machine.until(auth.getKey({ forceRefresh: true }))
    expect([auth.state.storage, storage.reads]).toEqual(['memory', tries])
    await machine.pass(61_000)
    const key = await machine.until(auth.getKey({ forceRefresh: true }))
    await machine.settle()
    expect(auth.state.storage).toBe('custom')
    expect(types().filter(type => type === 'degraded')).toEqual(['degraded'])
    expect(JSON.stringify([...storage.content])).toContain(key.value)
    // And other tabs have the key from it.
    const later = (await openPage(service)).createAuth({ storage })
    expect((await machine.until(later.getKey())).value).toBe(key.value)
  })

  it('counts what was started in memory: never more than five in 60 s (rule 3)', async () => {
    const storage = fakeStorage()
    const { createAuth } = await openPage(service)
    const auth = createAuth({ storage })
    // It fails, and works again, at every moment of a minute's phase.
    for (let second = 0; second < 600; second++) {
      storage.fails = Math.floor(second / 37) % 2 === 1
      await machine.until(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }).catch(() => {}))
      await machine.pass(1000)
    }
    expect(mostInAMinute(service.startsMs)).toBe(5)
    expect(service.startsMs.length).toBeGreaterThan(40)
  })

  it('a key that was cleared meanwhile is not taken up, and the next is had at once (rule 16)', async () => {
    const storage = fakeStorage()
    const { auth } = (await openPage(service)).watchedAuth({ storage })
    const cleared = await machine.until(auth.getKey())
    storage.fails = true
    await machine.until(auth.clear())
    storage.fails = false
    await machine.pass(61_000)
    const key = await machine.until(auth.getKey(), 1000)
    expect(key.value).not.toBe(cleared.value)
    expect(JSON.stringify([...storage.content])).not.toContain(cleared.value)
    expect(service.startsMs).toHaveLength(2)
  })

  it('a key that was given up meanwhile is not taken up, either', async () => {
    const storage = fakeStorage()
    const { auth } = (await openPage(service)).watchedAuth({ storage })
    const refused = await machine.until(auth.getKey())
    storage.fails = true
    await machine.until(auth.invalidate(refused))
    storage.fails = false
    await machine.pass(61_000)
    const key = await machine.until(auth.getKey(), 1000)
    expect(key.value).not.toBe(refused.value)
    expect(service.startsMs).toHaveLength(2)
  })

  it('holds a newer key of another tab: it is adopted, without a request', async () => {
    const storage = fakeStorage()
    const { auth } = (await openPage(service)).watchedAuth({ storage })
    storage.fails = true
    await machine.until(auth.getKey())
    storage.fails = false
    await machine.pass(MINUTE_MS)
    const other = (await openPage(service)).createAuth({ storage })
    const theirs = await machine.until(other.getKey())
    await machine.pass(MINUTE_MS)
    const key = await machine.until(auth.getKey({ minValidityMs: 18.5 * MINUTE_MS }))
    expect(key.value).toBe(theirs.value)
    expect(auth.state.storage).toBe('custom')
    expect(service.startsMs).toHaveLength(2)
  })

  it('holds an older key: it replaces nothing', async () => {
    const storage = fakeStorage()
    const { auth } = (await openPage(service)).watchedAuth({ storage })
    await machine.until(auth.getKey())
    storage.fails = true
    const mine = await machine.until(auth.getKey({ forceRefresh: true }))
    storage.fails = false
    await machine.pass(61_000)
    happen('pageshow')
    await machine.settle()
    expect(auth.state.storage).toBe('custom')
    expect(auth.peek()?.value).toBe(mine.value)
  })
})

describe('a database that breaks under a living page (rule 15)', () => {
  it('closed by force is opened again, and nobody notices', async () => {
    const databases = new Set<IDBDatabase>()
    const { transaction } = IDBDatabase.prototype
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...parameters) {
      databases.add(this)
      return transaction.apply(this, parameters)
    })
    const { auth, types } = (await openPage(service)).watchedAuth()
    await machine.until(auth.getKey())
    for (const database of databases) forceCloseDatabase(database as never)
    await machine.settle()
    const key = await machine.until(auth.getKey({ forceRefresh: true }))
    expect(auth.state.storage).toBe('indexeddb')
    expect(types()).not.toContain('degraded')
    expect(JSON.stringify([...(await storedRecords())])).toContain(key.value)
  })

  it('full: the key is given all the same, and kept once there is room again', async () => {
    const full = vi.spyOn(FakeObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The quota is exceeded', 'QuotaExceededError')
    })
    const { auth, types } = (await openPage(service)).watchedAuth()
    const key = await machine.until(auth.getKey())
    expect(auth.state.storage).toBe('memory')
    expect(await machine.until(auth.getKey())).toBe(key)
    full.mockRestore()
    await machine.pass(61_000)
    const renewed = await machine.until(auth.getKey({ forceRefresh: true }))
    expect(types().sort()).toEqual(['degraded', 'key', 'key'])
    expect(JSON.stringify([...(await storedRecords())])).toContain(renewed.value)
  })

  it('full when it comes to commit: the same', async () => {
    const { put } = FakeObjectStore.prototype
    vi.spyOn(FakeObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...parameters: unknown[]
    ) {
      const request: unknown = put.apply(this as never, parameters as never)
      queueMicrotask(() => this.transaction.abort())
      return request
    } as never)
    const { auth } = (await openPage(service)).watchedAuth()
    const key = await machine.until(auth.getKey())
    expect(auth.state).toMatchObject({ storage: 'memory' })
    expect(await machine.until(auth.getKey())).toBe(key)
    expect(service.startsMs).toHaveLength(1)
  })

  it('without its store, as after an upgrade that was broken off: memory serves', async () => {
    const broken = indexedDB.open('filerobot-widget-auth')
    await new Promise<void>(resolve => {
      broken.onsuccess = () => {
        broken.result.close()
        resolve()
      }
    })
    const { auth } = (await openPage(service)).watchedAuth()
    const key = await machine.until(auth.getKey(), 1000)
    expect(auth.state).toMatchObject({ status: 'ready', storage: 'memory' })
    expect(await machine.until(auth.getKey())).toBe(key)
  })

  it('with a higher version is used as it is: ours is never raised', async () => {
    const later = indexedDB.open('filerobot-widget-auth', 2)
    later.onupgradeneeded = () => later.result.createObjectStore('records')
    await new Promise<void>(resolve => {
      later.onsuccess = () => {
        later.result.close()
        resolve()
      }
    })
    const { auth } = (await openPage(service)).watchedAuth()
    const key = await machine.until(auth.getKey())
    expect(auth.state.storage).toBe('indexeddb')
    expect((await machine.until((await openPage(service)).auth.getKey())).value).toBe(key.value)
    expect((await indexedDB.databases()).map(({ version }) => version)).toEqual([2])
  })
})
