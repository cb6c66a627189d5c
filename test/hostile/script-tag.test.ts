// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import type { FilerobotAuthGlobal } from '../../src/global.ts'
import { isAuthError } from '../../src/index.ts'
import { API, fakeService, TEMPLATE, TOKEN, tidyUp } from '../unit/fakes.ts'
import { corpus } from './corpus.ts'
import { typed } from './outcome.ts'
import { expectCleanPrototype } from './prototype.ts'

const page = globalThis as unknown as { FilerobotAuth?: FilerobotAuthGlobal | undefined }
const NAMES = [
  'token',
  'template',
  'api-base',
  'key-url',
  'allowed-origins',
  'storage',
  'lazy',
  '__proto__',
  'constructor',
] as const
const evil = 'https://evil.example/x'
let service = fakeService()
let errors: CustomEvent[] = []
let api: FilerobotAuthGlobal
const keep = (event: Event) => errors.push(event as CustomEvent)
let report: MockInstance<typeof console.error>

beforeEach(async () => {
  service = fakeService()
  errors = []
  vi.stubGlobal('fetch', service.fetch)
  document.addEventListener('filerobot-auth:error', keep)
  delete page.FilerobotAuth
  vi.resetModules()
  await import('../../src/global.ts')
  api = page.FilerobotAuth!
  report = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  document.removeEventListener('filerobot-auth:error', keep)
  document.head.innerHTML = ''
  delete page.FilerobotAuth
  tidyUp()
  expectCleanPrototype()
})

function addTag(attributes: Record<string, string>): void {
  const script = document.createElement('script')
  script.type = 'text/plain'
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(`data-${name}`, value)
  document.head.append(script)
}

/** What a page has of one more tag: an auth of its own, or an error that it was told. */
async function read(attributes: Record<string, string>): Promise<'auth' | 'error'> {
  const told = errors.length
  document.head.innerHTML = ''
  addTag(attributes)
  api.push()
  const refusals = errors.slice(told).map(({ detail }) => (detail as { error: unknown }).error)
  for (const error of refusals) expect(isAuthError(error)).toBe(true)
  if (refusals.length) return 'error'
  return 'auth'
}

/** Where the key may not go, whatever the attributes are. */
async function expectNowhereForeign(attributes: Record<string, string>): Promise<void> {
  const auth = api.get(attributes['template'] ?? 'undefined')
  if (!auth) return
  expect((await typed(auth.sign(evil))).value).toBeUndefined()
}

describe('any attributes of a script tag', () => {
  it('break no page: an auth, or a typed error by the console and an event', async () => {
    const urls = corpus<string>('urls').map(([, { value }]) => value)
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(TOKEN, TEMPLATE, API, 'memory', '__proto__', ...urls),
    )
    const tag = fc
      .dictionary(fc.constantFrom(...NAMES), word)
      .map(attributes => Object.assign({ token: TOKEN, template: TEMPLATE, lazy: 'x', storage: 'memory' }, attributes))
    let refused = 0
    await fc.assert(
      fc.asyncProperty(tag, async attributes => {
        const said = report.mock.calls.length
        const outcome = await read(attributes)
        if (outcome === 'error') refused++
        expect(report.mock.calls.length - said).toBe(outcome === 'error' ? 1 : 0)
        expectCleanPrototype()
      }),
      { numRuns: 300 },
    )
    expect(refused).toBeGreaterThan(20)
  })

  it.each(corpus<string>('urls'))(
    'data-api-base and data-allowed-origins take the key nowhere that they do not say: %s',
    async (_, { value }) => {
      for (const [index, name] of ['api-base', 'allowed-origins'].entries()) {
        const template = `SECU_${String(index).padStart(32, '0')}`
        const attributes = { token: TOKEN, template, lazy: 'x', storage: 'memory', [name]: value }
        const outcome = await read(attributes)
        // Spaces and line ends divide a list.
        const pieces = name === 'allowed-origins' ? (value.match(/[^\s,]+/g) ?? []) : [value]
        const says = pieces.some(
          piece => URL.canParse(piece) && new URL(piece).origin === new URL(evil).origin && !new URL(piece).username,
        )
        if (outcome === 'auth' && says) continue
        await expectNowhereForeign(attributes)
      }
      expect(service.requests).toHaveLength(0)
    },
  )

  it.each(['//evil.example/key', '/\\evil.example/key', 'https:evil.example', 'key', '../../key'])(
    'data-key-url="%s" is asked for a key, and never given one',
    async keyUrl => {
      await read({ token: TOKEN, template: TEMPLATE, storage: 'memory', lazy: 'x', 'key-url': keyUrl })
      const auth = api.get(TEMPLATE)
      if (auth) await auth.getKey({ maxWaitMs: 0 })
      expect(service.asked.every(({ init }) => !new Headers(init.headers).has('X-Filerobot-Key'))).toBe(true)
      await expectNowhereForeign({ template: TEMPLATE })
    },
  )

  it('of five hundred tags are read once each, and `get` knows no name of a prototype', async () => {
    for (let tag = 0; tag < 500; tag++)
      addTag({ token: TOKEN, template: `SECU_${String(tag).padStart(32, '0')}`, lazy: 'x', storage: 'memory' })
    api.push()
    api.push()
    expect(errors).toEqual([])
    expect(api.get(`SECU_${'499'.padStart(32, '0')}`)).toBeDefined()
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) expect(api.get(name)).toBeUndefined()
    expect(service.asked).toHaveLength(0)
  })
})

describe('attributes that a tag has not', () => {
  it('are not taken from Object.prototype, as a browser would do', async () => {
    // Here a `dataset` has no prototype; a browser's does, and so does this one.
    const evilOrigin = new URL(evil).origin
    const dataset = Object.assign(
      Object.create({ apiBase: evilOrigin, allowedOrigins: evilOrigin, keyUrl: `${evilOrigin}/key` }),
      {
        token: TOKEN,
        template: TEMPLATE,
        storage: 'memory',
        lazy: 'x',
      },
    ) as DOMStringMap
    vi.spyOn(document, 'querySelectorAll').mockReturnValue([{ dataset }] as never)
    api.push()
    const auth = api.get(TEMPLATE)!
    await auth.getKey()
    expect(service.asked.map(({ url }) => url)).toEqual([`${API}/${TOKEN}/key/${TEMPLATE}`])
    expect((await typed(auth.sign(evil))).error).toMatchObject({ code: 'origin_not_allowed' })
  })
})
