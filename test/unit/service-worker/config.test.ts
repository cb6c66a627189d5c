import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuthOptions } from '../../../src/index.ts'
import { readOptions } from '../../../src/options.ts'
import {
  differingOption,
  readConfig,
  type ServiceWorkerOptions,
  withConfig,
} from '../../../src/service-worker/config.ts'
import { SECRET, TEMPLATE, TOKEN } from '../fakes.ts'

const FILE = new URL('https://shop.example/worker.js')
const PAGE = 'https://shop.example/gallery/page.html'
const given = { token: TOKEN, templateId: TEMPLATE }

/** What the worker makes of its URL, and what the page makes of its options. */
const bothSides = (options: ServiceWorkerOptions) =>
  [readOptions(readConfig(withConfig(FILE, options, PAGE))!, undefined), readOptions(options, PAGE)] as const

/** All that has to be the same in page and worker. */
const shared = ({ allowedOrigins, ...settings }: ReturnType<typeof readOptions>) => ({
  ...settings,
  allowedOrigins: [...new Set(allowedOrigins)].sort(),
})

const origins = fc.array(fc.domain(), { maxLength: 4 }).map(hosts => hosts.map(host => `https://${host}`))
const numbers = fc.double({ min: 0, noNaN: true }).map(Math.abs)
const options = fc.record(
  {
    token: fc.stringMatching(/^[\w-]{1,31}$/),
    templateId: fc.stringMatching(/^SECU_[\dA-F]{32}$/),
    apiBase: fc.webUrl({ validSchemes: ['https'] }),
    keyUrl: fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }),
    cacheScope: fc.string({ unit: 'grapheme' }).filter(text => !/^\s*[\da-f]{32}\s*$/i.test(text)),
    allowedOrigins: origins,
    defaultLifetimeSeconds: numbers,
    timeoutMs: numbers,
    maxWaitMs: numbers,
    maxKeyRequestsPerMinute: numbers,
  },
  { requiredKeys: ['token', 'templateId'] },
)

describe("the worker's URL", () => {
  it('holds what the page was given, whatever that is: both have the same identity', () => {
    fc.assert(
      fc.property(options, options => {
        const [worker, page] = bothSides(options)
        expect(worker.identity).toBe(page.identity)
        expect(shared(worker)).toEqual(shared(page))
      }),
    )
  })

  it('is short for options that are mostly defaults', () => {
    expect(withConfig(FILE, { ...given, apiBase: 'https://api.filerobot.com', timeoutMs: 10_000 }, PAGE).href).toBe(
      `${FILE.href}?token=${TOKEN}&templateId=${TEMPLATE}`,
    )
  })

  it('is the same for options that mean the same', () => {
    const one = withConfig(FILE, { ...given, allowedOrigins: ['https://b.example', 'https://a.example/x'] }, PAGE)
    const other = withConfig(
      FILE,
      {
        allowedOrigins: ['https://a.example', 'https://b.example/', 'https://a.example', 'https://api.filerobot.com'],
        ...given,
        keyUrl: undefined,
        apiBase: 'https://api.filerobot.com/',
      },
      PAGE,
    )
    expect(one.href).toBe(other.href)
  })

  it("keeps the file's own parameters, and drops a fragment", () => {
    const url = withConfig(new URL(`${FILE.href}?v=3#top`), given, PAGE)
    expect(url.href).toBe(`${FILE.href}?v=3&token=${TOKEN}&templateId=${TEMPLATE}`)
    expect(readConfig(url)).toMatchObject(given)
  })

  it("resolves a relative keyUrl against the page, which is asked with the site's cookies", () => {
    const [worker, page] = bothSides({ token: TOKEN, keyUrl: '../key?for=me' })
    expect(worker.keyUrl).toBe('https://shop.example/key?for=me')
    expect([worker.identity, worker.credentials]).toEqual([page.identity, 'same-origin'])
  })

  it('tells an empty cacheScope from none', () => {
    const [worker, page] = bothSides({ ...given, cacheScope: '' })
    expect(worker.identity).toBe(page.identity)
    expect(worker.identity).not.toBe(bothSides(given)[0].identity)
  })

  it('holds no configuration where nobody wrote one', () => {
    expect(readConfig(new URL(`${FILE.href}?v=3`))).toBeUndefined()
  })
})

describe('what cannot be written into a URL is refused, naming the option', () => {
  it.each<[string, object]>([
    ['requestKey', { requestKey: async () => 'SASS_own' }],
    ['fetch', { fetch: async () => new Response() }],
    ['storage', { storage: 'memory' }],
    ['storage', { storage: { get: async () => undefined, update: async () => {} } }],
    ['cacheScope', { cacheScope: '\uD800' }],
    ['cacheScope', { cacheScope: 7 }],
    ['token', { token: 'a/b' }],
    ['templateId', { templateId: SECRET }],
    ['keyUrl', { keyUrl: 'http://shop.example/key' }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
  ])('%s', (option, wrong) => {
    const write = () => withConfig(FILE, { ...given, ...wrong } as AuthOptions as ServiceWorkerOptions, PAGE)
    expect(write).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringMatching(`^${option}: `) }),
    )
    expect(write).not.toThrow(SECRET)
  })
})

describe('two URLs', () => {
  it('differ by the first option that is another', () => {
    const url = (more: object) => withConfig(FILE, { ...given, ...more }, PAGE)
    expect(differingOption(url({}), url({}))).toBeUndefined()
    expect(differingOption(url({ maxWaitMs: 1 }), url({ cacheScope: 'ada' }))).toBe('cacheScope')
    expect(differingOption(url({}), url({ maxWaitMs: 1 }))).toBe('maxWaitMs')
    expect(differingOption(url({}), url({ allowedOrigins: ['https://a.example'] }))).toBe('allowedOrigins')
    expect(differingOption(FILE, url({}))).toBe('token')
  })
})
