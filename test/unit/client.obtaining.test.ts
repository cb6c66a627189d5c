import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { API, fakeLocks, fakeService, fakeStorage, openPage, stubBrowser, TEMPLATE, TOKEN, tidyUp } from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

describe('the order of obtaining', () => {
  it('does nothing until a key is wanted', async () => {
    const storage = fakeStorage()
    const { createAuth, service } = await openPage()
    const auth = createAuth({ storage })
    expect(auth.peek()).toBeUndefined()
    expect(auth.state).toEqual({ status: 'idle', storage: 'custom' })
    await Promise.resolve()
    expect([storage.reads, storage.writes.length, service.asked.length]).toEqual([0, 0, 0])
  })

  it('starts one request for fifty callers (rule 1)', async () => {
    const { auth, service } = await openPage()
    const keys = await Promise.all(Array.from({ length: 50 }, () => auth.getKey()))
    expect(service.asked).toHaveLength(1)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]?.value).toBe(service.given[0])
  })

  it('writes twice a request, however many wait (rule 1)', async () => {
    const storage = fakeStorage()
    const { createAuth } = await openPage()
    const auth = createAuth({ storage })
    await Promise.all(Array.from({ length: 50 }, () => auth.getKey()))
    expect(storage.writes.map(({ id }) => id.split('/')[0])).toEqual(['starts', 'key'])
  })

  it('writes at most twice for a request that fails (rule 1)', async () => {
    const storage = fakeStorage()
    const { createAuth, service } = await openPage()
    service.answerKey = () => new Response('', { status: 503 })
    const auth = createAuth({ storage, maxWaitMs: 0 })
    await Promise.allSettled(Array.from({ length: 50 }, () => auth.getKey()))
    expect(service.asked).toHaveLength(1)
    expect(storage.writes.length).toBeLessThanOrEqual(2)
  })

  it('takes a good key from memory without database, lock or network (rule 1)', async () => {
    const locks = fakeLocks()
    stubBrowser({ locks })
    const storage = fakeStorage()
    const { createAuth, service } = await openPage()
    const auth = createAuth({ storage })
    const first = await auth.getKey()
    const before = [storage.reads, storage.writes.length, locks.asked, service.asked.length]
    for (let count = 0; count < 20; count++) expect(await auth.getKey()).toBe(first)
    expect(auth.peek()).toBe(first)
    expect([storage.reads, storage.writes.length, locks.asked, service.asked.length]).toEqual(before)
  })

  it('takes a stored key on a later page, without lock or network (rule 1)', async () => {
    const service = fakeService()
    const first = await (await openPage(service)).auth.getKey()
    const locks = fakeLocks()
    stubBrowser({ locks })
    const { auth } = await openPage(service)
    const second = await auth.getKey()
    expect(second.value).toBe(first.value)
    expect(second.expiresAtMs).toBe(first.expiresAtMs)
    expect(second.obtainedAtMs).toBe(first.obtainedAtMs)
    expect([service.asked.length, locks.asked]).toEqual([1, 0])
  })

  it('makes no request in ten page loads within validity', async () => {
    const service = fakeService()
    for (let load = 0; load < 10; load++) await (await openPage(service)).auth.getKey()
    expect(service.asked).toHaveLength(1)
  })

  it('writes once to invalidate and once to clear (rule 1)', async () => {
    const storage = fakeStorage()
    const { createAuth } = await openPage()
    const auth = createAuth({ storage })
    const key = await auth.getKey()
    storage.writes.length = 0
    await auth.invalidate(key)
    expect(storage.writes).toHaveLength(1)
    await auth.getKey()
    storage.writes.length = 0
    await auth.clear()
    expect(storage.writes).toHaveLength(1)
  })

  it('keeps a key of minValidityMs and more, and replaces a shorter one by one request', async () => {
    const { auth, service } = await openPage()
    const first = await auth.getKey()
    expect(await auth.getKey({ minValidityMs: 600_000 })).toBe(first)
    const longer = await auth.getKey({ minValidityMs: 3_600_000 })
    expect(longer.value).not.toBe(first.value)
    expect(service.asked).toHaveLength(2)
  })

  it('gets another key with forceRefresh, one for all who ask at once', async () => {
    const { auth, service } = await openPage()
    const first = await auth.getKey()
    const keys = await Promise.all(Array.from({ length: 10 }, () => auth.getKey({ forceRefresh: true })))
    expect(new Set(keys.map(({ value }) => value)).size).toBe(1)
    expect(keys[0]?.value).not.toBe(first.value)
    expect(auth.peek()).toBe(keys[0])
    expect(service.asked).toHaveLength(2)
  })
})

describe('the key request', () => {
  it('is a simple GET that needs no preflight (rule 5)', async () => {
    const { auth, service } = await openPage()
    await auth.getKey()
    const { url, init } = service.asked[0]!
    expect(url).toBe(`${API}/${TOKEN}/key/${TEMPLATE}`)
    expect(init).toMatchObject({
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'strict-origin-when-cross-origin',
    })
    expect(init.method ?? 'GET').toBe('GET')
    expect(init.headers).toBeUndefined()
    expect(init.body).toBeUndefined()
  })

  it.each(['https://shop.example/api/key?user=1', new URL('https://shop.example/api/key')])(
    'asks an endpoint of the site, with its cookies',
    async keyUrl => {
      const { createAuth, service } = await openPage()
      const auth = createAuth({ keyUrl, templateId: undefined })
      expect((await auth.getKey()).value).toBe(service.given[0])
      expect(service.asked[0]?.url).toBe(String(keyUrl))
      expect(service.asked[0]?.init.credentials).toBe('same-origin')
    },
  )

  it('resolves a relative keyUrl against the page', async () => {
    const { createAuth, service } = await openPage()
    await createAuth({ keyUrl: '/api/key' }).getKey()
    expect(service.asked[0]?.url).toBe(new URL('/api/key', document.baseURI).href)
  })

  it('looks the global fetch up at each call (rule 19)', async () => {
    const service = fakeService()
    const { createAuth } = await openPage(service)
    const auth = createAuth({ fetch: undefined })
    const replacement = vi.fn<typeof fetch>(service.fetch)
    vi.stubGlobal('fetch', replacement)
    await auth.getKey()
    expect(replacement).toHaveBeenCalledOnce()
  })
})
