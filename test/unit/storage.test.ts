import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeLocks, fakeService, fakeStorage, openPage, storedRecords, stubBrowser, tidyUp } from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

const throwing = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError')
}
/** A request that fails as IndexedDB's do. */
const failingRequest = () => {
  const request = { onerror: () => {}, error: new DOMException('full', 'QuotaExceededError') }
  setTimeout(() => request.onerror())
  return request
}

describe('storage that does not work (rule 15)', () => {
  it.each<[string, unknown]>([
    ['is absent', undefined],
    ['is null', null],
    ['throws, as in a sandboxed frame', { open: throwing }],
    ['fails to open', { open: failingRequest }],
  ])('%s: memory takes over, the state says so, and nobody fails', async (_, database) => {
    vi.stubGlobal('indexedDB', database)
    const { watchedAuth, service } = await openPage()
    const { auth, types } = watchedAuth()
    const keys = await Promise.all([auth.getKey(), auth.getKey()])
    expect(keys[0]).toBe(keys[1])
    await vi.waitFor(() => expect(auth.state).toMatchObject({ status: 'ready', storage: 'memory' }))
    await vi.waitFor(() => expect(types()).toContain('degraded'))
    expect(await auth.getKey()).toBe(keys[0])
    await auth.invalidate(keys[0])
    expect((await auth.getKey()).value).toBe(service.given[1])
    await auth.clear()
    expect(auth.peek()).toBeUndefined()
    expect(service.asked).toHaveLength(2)
  })

  it('throws at its very name', async () => {
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get: throwing })
    try {
      const { auth } = await openPage()
      await auth.getKey()
      await vi.waitFor(() => expect(auth.state).toMatchObject({ status: 'ready', storage: 'memory' }))
    } finally {
      Object.defineProperty(globalThis, 'indexedDB', { configurable: true, writable: true, value: undefined })
    }
  })

  it.each(['get', 'put'])('fails at each %s', async method => {
    const spy = vi.spyOn(IDBObjectStore.prototype, method as 'put').mockImplementation(throwing)
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    expect(key.value).toBe(service.given[0])
    expect(spy).toHaveBeenCalled()
    expect(await auth.getKey()).toBe(key)
    expect(service.asked).toHaveLength(1)
    await vi.waitFor(() => expect(auth.state.storage).toBe('memory'))
  })

  it('a store of the host’s that rejects is replaced by memory', async () => {
    const storage = fakeStorage()
    storage.fails = true
    const { createAuth, service } = await openPage()
    const auth = createAuth({ storage })
    expect(auth.state.storage).toBe('custom')
    expect((await auth.getKey()).value).toBe(service.given[0])
    await vi.waitFor(() => expect(auth.state.storage).toBe('memory'))
  })

  it('fails between the start and the answer: the key is given all the same', async () => {
    const storage = fakeStorage()
    const { createAuth, service } = await openPage()
    const auth = createAuth({ storage })
    const release = service.hold()
    const pending = auth.getKey()
    await vi.waitFor(() => expect(service.asked).toHaveLength(1))
    storage.fails = true
    release()
    const key = await pending
    expect(key.value).toBe(service.given[0])
    expect(await auth.getKey()).toBe(key)
    await auth.clear()
    expect(auth.peek()).toBeUndefined()
  })
})

describe('storage of a chosen kind', () => {
  it('"memory" touches no database, lock or channel, and ends with the page', async () => {
    const open = vi.spyOn(indexedDB, 'open')
    const locks = fakeLocks()
    stubBrowser({ locks })
    const service = fakeService()
    const first = (await openPage(service)).createAuth({ storage: 'memory' })
    await first.getKey()
    expect(first.state.storage).toBe('memory')
    await (await openPage(service)).createAuth({ storage: 'memory' }).getKey()
    expect(service.asked).toHaveLength(2)
    expect([open.mock.calls.length, locks.asked]).toEqual([0, 0])
  })

  it('"indexeddb" is one database of this library’s own, with the schema’s number in the key record’s name', async () => {
    const { auth, service } = await openPage()
    await auth.getKey()
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['filerobot-widget-auth'])
    const records = await storedRecords()
    const names = [...records.keys()]
    expect(names).toHaveLength(2)
    const name = names.find(each => each.startsWith('key/')) ?? ''
    expect(name).toMatch(/^key\/\d+\//)
    expect(JSON.stringify(records.get(name))).toContain(service.given[0])
  })

  it('does not block a host that deletes its databases, and works after it (rule 15)', async () => {
    const { auth, service } = await openPage()
    await auth.getKey()
    const blocked = vi.fn<() => void>()
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase('filerobot-widget-auth')
      request.onblocked = blocked
      request.onsuccess = () => resolve()
      request.onerror = () => reject(request.error)
    })
    expect(blocked).not.toHaveBeenCalled()
    await auth.getKey({ forceRefresh: true })
    expect(auth.state.storage).toBe('indexeddb')
    expect(JSON.stringify([...(await storedRecords())])).toContain(service.given[1])
  })

  it('a store of the host’s is used as it is', async () => {
    const storage = fakeStorage()
    const service = fakeService()
    const { createAuth } = await openPage(service)
    const key = await createAuth({ storage }).getKey()
    const again = fakeStorage(storage.content)
    const later = (await openPage(service)).createAuth({ storage: again })
    expect((await later.getKey()).value).toBe(key.value)
    expect(later.state.storage).toBe('custom')
    expect([service.asked.length, again.writes.length]).toEqual([1, 0])
  })
})

describe('what was stored by somebody else (rule 6)', () => {
  it('has any shape, and is never believed and never harms', async () => {
    const { createAuth, service } = await openPage()
    await fc.assert(
      fc.asyncProperty(fc.anything({ withDate: true, withMap: true, withNullPrototype: true }), async stored => {
        const before = service.asked.length
        const storage = {
          get: async () => stored,
          update: async (_: string, change: (old: unknown) => unknown) => void change(stored),
        }
        const auth = createAuth({ storage })
        try {
          expect((await auth.getKey()).value).toBe(service.given.at(-1))
          expect(service.asked).toHaveLength(before + 1)
        } finally {
          auth.dispose()
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is believed only as a whole key record that may still be used', async () => {
    const storage = fakeStorage()
    const service = fakeService()
    const first = await openPage(service)
    await first.createAuth({ storage }).getKey()
    const id = [...storage.content.keys()].find(name => name.startsWith('key')) ?? ''
    const nowMs = Date.now()
    const anyKey = fc.oneof(fc.constantFrom('SASS_abcd', 'SASS_ä_abcd', 'TASS_abcd', ''), fc.string(), fc.jsonValue())
    const anyTime = fc.oneof(
      fc.integer({ min: -60_000, max: 90_000_000 }).map(ms => nowMs + ms),
      fc.double(),
      fc.jsonValue(),
    )
    const record = fc.record(
      { key: anyKey, startedAtMs: anyTime, expiresAtMs: anyTime, generation: anyTime, trustsClaims: fc.jsonValue() },
      { requiredKeys: [] },
    )
    const isWhole = ({ key, startedAtMs, expiresAtMs }: Record<string, unknown>) =>
      typeof key === 'string' &&
      /^SASS_[!-~]{4,8187}$/.test(key) &&
      [startedAtMs, expiresAtMs].every(Number.isSafeInteger) &&
      (startedAtMs as number) > 0 &&
      (startedAtMs as number) <= Date.now() + 1000 &&
      (expiresAtMs as number) > Date.now() &&
      (expiresAtMs as number) - (startedAtMs as number) <= 60 * 86_400_000
    const { createAuth } = await openPage(service)
    await fc.assert(
      fc.asyncProperty(record, async stored => {
        const auth = createAuth({ storage: fakeStorage(new Map<string, unknown>([[id, stored]])) })
        const { value } = await auth.getKey()
        auth.dispose()
        expect(value).toBe(isWhole(stored) ? stored.key : service.given.at(-1))
      }),
      { numRuns: 300 },
    )
  })

  it('is a key record with one field wrong, and a request replaces it', async () => {
    const storage = fakeStorage()
    const service = fakeService()
    const good = await (await openPage(service)).createAuth({ storage }).getKey()
    const [id, record] = [...storage.content].find(([name]) => name.startsWith('key'))!
    const { createAuth } = await openPage(service)
    const dayMs = 86_400_000
    const wrongs: object[] = [
      { key: '' },
      { key: 'TASS_another_prefix' },
      { key: ['SASS_in_a_list'] },
      { expiresAtMs: 0 },
      { expiresAtMs: `${good.expiresAtMs}` },
      { expiresAtMs: Number.NaN },
      { expiresAtMs: Number.POSITIVE_INFINITY },
      { expiresAtMs: Date.now() + 61 * dayMs },
      { expiresAtMs: Date.now() - 1 },
      { startedAtMs: Date.now() + 5000, expiresAtMs: Date.now() + 60_000 },
      { startedAtMs: '0' },
      { key: '', startedAtMs: Date.now() + 900 },
      { startedAtMs: Date.now() + 900, expiresAtMs: Date.now() - 1 },
    ]
    for (const wrong of wrongs) {
      const before = service.asked.length
      const content = new Map([[id, { ...(record as object), ...wrong }]])
      const auth = createAuth({ storage: fakeStorage(content) })
      expect((await auth.getKey()).value, JSON.stringify(wrong)).toBe(service.given.at(-1))
      expect(service.asked, JSON.stringify(wrong)).toHaveLength(before + 1)
    }
  })
})
