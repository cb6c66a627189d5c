import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KeyStorage } from '../../src/index.ts'
import { fakeAirwaves } from './fake-browser.ts'
import { fakeMachine, fakeTimedService } from './fake-machine.ts'
import { fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'

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

/** A store that can be slow: what it is asked for is done after that time. */
function slowStorage(content = new Map<string, unknown>()) {
  const fast = fakeStorage(content)
  const wait = (ms: number) => ms && new Promise<void>(resolve => setTimeout(resolve, ms))
  const storage = {
    ...fast,
    readMs: 0,
    writeMs: 0,
    async get(id: string) {
      await wait(storage.readMs)
      return fast.get(id)
    },
    async update(id: string, change: (old: unknown) => unknown) {
      await wait(storage.writeMs)
      return fast.update(id, change)
    },
  }
  return storage satisfies KeyStorage
}

const recordOf = (content: Map<string, unknown>, name: string) =>
  [...content].find(([id]) => id.startsWith(name))?.[1] as Record<string, unknown> | undefined

describe('a database that never answers (rule 15)', () => {
  it.each([0, 9000])('costs a second once, and the request: answered after %i ms', async answerMs => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => ({}) as IDBOpenDBRequest)
    const { answerKey } = service
    service.answerKey = () => {
      const answer = answerKey()
      return new Promise(resolve => setTimeout(() => resolve(answer), answerMs))
    }
    const { auth, types } = (await openPage(service)).watchedAuth()
    const sinceMs = machine.trueMs
    await machine.until(auth.getKey())
    expect(machine.trueMs - sinceMs).toBeLessThanOrEqual(1000 + answerMs)
    expect(auth.state).toMatchObject({ status: 'ready', storage: 'memory' })
    expect(types().filter(type => type === 'degraded')).toHaveLength(1)
    const againMs = machine.trueMs
    await machine.until(auth.getKey({ forceRefresh: true }))
    expect(machine.trueMs - againMs).toBeLessThanOrEqual(answerMs)
  })

  it('is opened anew when it is tried again', async () => {
    const { open } = indexedDB
    const opening = vi.spyOn(indexedDB, 'open').mockImplementation(() => ({}) as IDBOpenDBRequest)
    const { auth } = (await openPage(service)).watchedAuth()
    await machine.until(auth.getKey())
    opening.mockImplementation(open.bind(indexedDB))
    await machine.pass(61_000)
    await machine.until(auth.getKey({ forceRefresh: true }))
    expect(auth.state.storage).toBe('indexeddb')
  })

  it('because somebody deletes it while another script keeps it open', async () => {
    const foreign = await new Promise<IDBDatabase>(resolve => {
      const request = indexedDB.open('filerobot-widget-auth')
      request.onsuccess = () => resolve(request.result)
    })
    const deletion = indexedDB.deleteDatabase('filerobot-widget-auth')
    const blocked = new Promise(resolve => {
      deletion.onblocked = resolve
    })
    await blocked
    const { auth } = (await openPage(service)).watchedAuth()
    const sinceMs = machine.trueMs
    await machine.until(auth.getKey())
    expect(machine.trueMs - sinceMs).toBeLessThanOrEqual(1000)
    expect(auth.state.storage).toBe('memory')
    foreign.close()
    await machine.pass(61_000)
    await machine.until(auth.getKey({ forceRefresh: true }))
    expect(auth.state.storage).toBe('indexeddb')
  })
})

describe('a read that answers late (rule 15)', () => {
  /** A store with a good key in it, which takes three seconds to read. */
  async function slowToRead() {
    const storage = slowStorage()
    const first = (await openPage(service)).createAuth({ storage })
    const key = await machine.until(first.getKey())
    first.dispose()
    await machine.pass(MINUTE_MS)
    storage.readMs = 3000
    return { storage, key }
  }

  it('is adopted, and who waits for the service gets its key', async () => {
    const { storage, key } = await slowToRead()
    service.answerKey = () => new Response('', { status: 503 })
    const { auth, types } = (await openPage(service)).watchedAuth({ storage, maxKeyRequestsPerMinute: 1 })
    const sinceMs = machine.trueMs
    const late = await machine.until(auth.getKey({ maxWaitMs: 70_000 }))
    expect(late.value).toBe(key.value)
    expect(machine.trueMs - sinceMs).toBe(3000)
    expect(types()).toContain('cache_hit')
  })

  it('does not replace the newer key that was obtained meanwhile', async () => {
    const { storage, key } = await slowToRead()
    const { auth } = (await openPage(service)).watchedAuth({ storage })
    const mine = await machine.until(auth.getKey())
    expect(mine.value).not.toBe(key.value)
    await machine.pass(10_000)
    expect(auth.peek()).toBe(mine)
  })

  it('brings back nothing that was cleared meanwhile (rule 16)', async () => {
    const { storage } = await slowToRead()
    const { auth } = (await openPage(service)).watchedAuth({ storage })
    const release = service.hold()
    const pending = auth.getKey()
    await machine.pass(1500)
    const clearing = auth.clear()
    await machine.pass(5000)
    await machine.until(clearing)
    expect(auth.peek()).toBeUndefined()
    release()
    const key = await machine.until(pending)
    expect(key.value).toBe(service.given.at(-1))
    expect(service.given).toHaveLength(3)
  })

  it('changes nothing after dispose (rule 17)', async () => {
    const { storage } = await slowToRead()
    const { auth, types } = (await openPage(service)).watchedAuth({ storage })
    auth.getKey().catch(() => {})
    await machine.pass(500)
    const told = types()
    auth.dispose()
    await machine.pass(10_000)
    expect(types()).toEqual(told)
    expect(auth.peek()).toBeUndefined()
  })
})

describe('a write that comes late (rule 15)', () => {
  it('never replaces a newer key, and adds no start', async () => {
    const content = new Map<string, unknown>()
    const slow = slowStorage(content)
    const late = (await openPage(service)).createAuth({ storage: slow })
    slow.writeMs = 5000
    const old = await machine.until(late.getKey())
    expect(late.state.storage).toBe('memory')
    // Before it is written, another tab gets a key of its own.
    await machine.pass(1000)
    expect(content.size).toBe(0)
    const quick = (await openPage(service)).createAuth({ storage: fakeStorage(content) })
    const newer = await machine.until(quick.getKey())
    expect(newer.value).not.toBe(old.value)
    const before = structuredClone([...content])
    await machine.pass(30_000)
    expect([...content]).toEqual(before)
    expect(recordOf(content, 'key')?.key).toBe(newer.value)
    expect(recordOf(content, 'starts')?.starts).toHaveLength(1)
  })

  it('that began in time and ends late is counted once in the page', async () => {
    const content = new Map<string, unknown>()
    const fast = fakeStorage(content)
    // It is done at once, but says so too late.
    const storage: KeyStorage = {
      get: fast.get,
      async update(id, change) {
        await fast.update(id, change)
        await new Promise<void>(resolve => setTimeout(resolve, 5000))
      },
    }
    const auth = (await openPage(service)).createAuth({ storage })
    const asked = []
    for (let time = 0; time < 5; time++) {
      asked.push(await machine.until(auth.getKey({ forceRefresh: true, maxWaitMs: 0 })))
      await machine.pass(100)
    }
    expect(new Set(asked.map(({ value }) => value)).size).toBe(5)
    expect(service.startsMs).toHaveLength(5)
    expect(recordOf(content, 'starts')?.starts).toHaveLength(1)
  })
})
