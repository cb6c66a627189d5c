import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuthEvent, AuthOptions } from '../../src/index.ts'
import {
  API,
  FILES,
  failureOf,
  fakeLocks,
  fakeService,
  fakeStorage,
  OTHER_TEMPLATE,
  openPage,
  stubBrowser,
  TEMPLATE,
  TOKEN,
  tidyUp,
} from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

describe('instances of one identity (rule 2)', () => {
  it('share one request and one key', async () => {
    const { createAuth, service } = await openPage()
    const auths = Array.from({ length: 5 }, () => createAuth())
    const keys = await Promise.all(auths.map(auth => auth.getKey()))
    expect(new Set(keys).size).toBe(1)
    expect(service.asked).toHaveLength(1)
    expect(auths[4]?.peek()).toBe(keys[0])
    expect(auths[3]?.state).toBe(auths[2]?.state)
  })

  it.each<[string, Partial<AuthOptions>]>([
    ['defaults that are spelled out', { apiBase: 'https://api.filerobot.com/', storage: 'indexeddb' }],
    ['an explicit undefined', { apiBase: undefined, keyUrl: undefined, cacheScope: undefined, storage: undefined }],
    ['other allowedOrigins', { allowedOrigins: ['https://cdn.example.com'] }],
    ['a listener', { onEvent: () => {} }],
  ])('are not kept apart by %s', async (_, options) => {
    const { createAuth, service } = await openPage()
    const [one, other] = [createAuth(), createAuth(options)]
    expect(await one.getKey()).toBe(await other.getKey())
    expect(service.asked).toHaveLength(1)
  })

  it.each<[string, Partial<AuthOptions>]>([
    ['apiBase', { apiBase: 'https://eu.example.com' }],
    ['token', { token: 'another' }],
    ['templateId', { templateId: OTHER_TEMPLATE }],
    ['keyUrl', { keyUrl: 'https://shop.example/key' }],
    ['cacheScope', { cacheScope: 'anna' }],
    ['storage', { storage: 'memory' }],
    ['a store', { storage: fakeStorage() }],
    ['fetch', { fetch: async () => Response.json({ status: 'success', key: 'SASS_from_elsewhere' }) }],
  ])('are kept apart by another %s', async (name, options) => {
    const { createAuth } = await openPage()
    // In memory, where another `fetch` is enough: stored keys are the profile's.
    const base: Partial<AuthOptions> = name === 'fetch' ? { storage: 'memory', cacheScope: 'x' } : {}
    const [one, other] = [createAuth(base), createAuth({ ...base, ...options })]
    const key = await one.getKey()
    expect(other.peek()).toBeUndefined()
    expect(other.state.status).toBe('idle')
    expect(one.peek()).toBe(key)
  })

  it('tell whose number was ignored: the first one counts', async () => {
    const { createAuth, watchedAuth } = await openPage()
    createAuth({ timeoutMs: 5000 })
    const { events } = watchedAuth({ timeoutMs: 6000, defaultLifetimeSeconds: 60 })
    expect(new Set(events.map(event => (event as AuthEvent & { option?: string }).option))).toEqual(
      new Set(['defaultLifetimeSeconds', 'timeoutMs']),
    )
    expect(events).toHaveLength(2)
    expect(events.every(({ type }) => type === 'option_ignored')).toBe(true)
    expect(watchedAuth({ timeoutMs: 5000 }).events).toEqual([])
  })

  it('each have their own allowedOrigins', async () => {
    const { createAuth } = await openPage()
    const cdn = 'https://cdn.example.com/a.png'
    const [open, closed] = [createAuth({ allowedOrigins: ['https://cdn.example.com'] }), createAuth()]
    expect((await open.sign(cdn)).headers.has('X-Filerobot-Key')).toBe(true)
    expect(await failureOf(closed.sign(cdn))).toMatchObject({ code: 'origin_not_allowed' })
  })

  it('each hear all events, until they are disposed', async () => {
    const { watchedAuth } = await openPage()
    const [one, other] = [watchedAuth(), watchedAuth()]
    await one.auth.getKey()
    expect(other.types()).toEqual(one.types())
    expect(other.types()).toContain('key')
    other.auth.dispose()
    const heard = other.events.length
    await one.auth.getKey({ forceRefresh: true })
    expect(other.events).toHaveLength(heard)
  })

  it('do not notice when the caller changes his options afterwards (rule 13)', async () => {
    const service = fakeService()
    const { lib } = await openPage(service)
    const options = { token: TOKEN, templateId: TEMPLATE, fetch: service.fetch, allowedOrigins: [] as string[] }
    const auth = lib.createAuth(options)
    options.token = 'evil'
    options.allowedOrigins.push('https://evil.example')
    expect(await failureOf(auth.sign('https://evil.example/'))).toMatchObject({ code: 'origin_not_allowed' })
    await auth.sign(FILES)
    expect(service.asked[0]?.url).toBe(`${API}/${TOKEN}/key/${TEMPLATE}`)
    auth.dispose()
  })
})
