import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Auth, type AuthOptions, isAuthError } from '../../src/index.ts'
import { API, fakeLocks, fakeService, openPage, stubBrowser, TEMPLATE, TOKEN, tidyUp } from '../unit/fakes.ts'
import { corpus } from './corpus.ts'
import { typed } from './outcome.ts'
import { expectCleanPrototype, polluted } from './prototype.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(() => {
  tidyUp()
  expectCleanPrototype()
})

const KEY_HEADER = 'X-Filerobot-Key'
/** Written out: what a reader of the options expects, and nothing that was computed. */
const ALLOWED = [
  'https://api.filerobot.com',
  'https://cdn.example.com',
  'https://assets.example.com:8443',
  'http://localhost:3300',
]

/** Whether the key may go there, by Node's own reading of the address. */
function mayGo(address: string): boolean {
  try {
    const { origin, username, password } = new URL(address)
    return ALLOWED.includes(origin) && !username && !password && /^https?:/.test(new URL(address).protocol)
  } catch {
    return false
  }
}

const part = (...parts: string[]) => fc.constantFrom(...parts)
const address = fc
  .tuple(
    part('https:', 'http:', 'HTTPS:', '', 'blob:https:', 'data:', 'javascript:', 'wss:', 'ftp:', 'ht\ttps:', ' https:'),
    part('//', '\\\\', '/\\', '/', '', '///', '//\t'),
    part('', 'user@', 'user:word@', 'api.filerobot.com@', 'api.filerobot.com\\@', '%40', 'https://'),
    part(
      'api.filerobot.com',
      'API.Filerobot.Com',
      'api.filerobot.com.',
      'x.api.filerobot.com',
      'filerobot.com',
      'cdn.example.com',
      'assets.example.com',
      'localhost',
      'evil.example',
      'аpi.filerobot.com',
      'ａｐｉ.filerobot.com',
      'api。filerobot。com',
      'a\u00ADpi.filerobot.com',
      'api.filerobot.com.evil.example',
      '[::1]',
      '127.0.0.1',
      '0x7f.1',
    ),
    part('', ':443', ':80', ':8443', ':3300', ':', ':0443', ':99999'),
    part('', '/', '/x', '?x', '#x', '@evil.example', '/\\evil.example', '\\evil.example', '/../..//evil.example'),
  )
  .map(parts => parts.join(''))

let page: ReturnType<typeof openPage> | undefined
let scopes = 0

/** An auth, and where its requests with a key went. */
async function watched(options = {}) {
  const service = fakeService()
  // One copy of the library for all: loading it takes longer than most of what is asked of it.
  const { createAuth } = await (page ??= openPage())
  const cacheScope = String(scopes++)
  const create = (more: Partial<AuthOptions>) =>
    createAuth({
      cacheScope,
      fetch: service.fetch,
      allowedOrigins: ALLOWED.slice(1),
      storage: 'memory',
      maxKeyRequestsPerMinute: 1e9,
      ...more,
    })
  return { auth: create(options), service, createAuth: create }
}
const keyGoes = async (auth: Auth, url: string) => (await typed(auth.sign(url))).value?.headers.has(KEY_HEADER) ?? false

describe('the key goes to allowed origins alone', () => {
  it('by an oracle of its own, for any address', async () => {
    const { auth, service } = await watched()
    let allowed = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(address, address, fc.webUrl(), fc.string({ unit: 'binary' })), async url => {
        const sent = service.requests.length
        const goes = await keyGoes(auth, url)
        expect(goes, url).toBe(mayGo(url))
        const { value, error } = await typed(auth.fetch(url))
        expect([!!value, service.requests.length - sent], url).toEqual(goes ? [true, 1] : [false, 0])
        expect(error?.code ?? 'origin_not_allowed').toMatch(/^(origin_not_allowed|invalid_options)$/)
        if (goes) allowed++
      }),
      { numRuns: 600 },
    )
    // Otherwise the property says nothing.
    expect(allowed).toBeGreaterThan(5)
    for (const { url } of service.requests) expect(mayGo(url)).toBe(true)
  })

  it.each(corpus<string>('urls'))('asked for: %s', async (_, { value }) => {
    const { auth } = await watched()
    expect(await keyGoes(auth, value)).toBe(mayGo(value))
  })

  it.each(corpus<string>('urls'))('allowed, as apiBase, as keyUrl: %s', async (_, { value }) => {
    const { createAuth } = await watched()
    let origin: string | undefined
    try {
      const url = new URL(value)
      const isLocal = /^(localhost|127\.\d+\.\d+\.\d+)$/.test(url.hostname)
      const isPlain = !url.username && !url.hostname.includes('*')
      if (isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) origin = url.origin
    } catch {}
    for (const options of [{ allowedOrigins: [value] }, { apiBase: value }, { keyUrl: value }]) {
      const made = await typed((async () => createAuth(options))())
      expect(made.error?.code, JSON.stringify(options)).toBe(origin === undefined ? 'invalid_options' : undefined)
      if (!made.value) continue
      expect(await keyGoes(made.value, 'https://evil.example/')).toBe(
        origin === 'https://evil.example' && !('keyUrl' in options),
      )
    }
  })
})

describe('a redirect over HTTP', () => {
  const servers: Server[] = []
  const origins: string[] = []
  const heard: { at: string; key: string | undefined }[] = []
  let answer: (request: IncomingMessage) => { status: number; location: string } | undefined = () => undefined

  beforeEach(async () => {
    heard.length = origins.length = 0
    for (const name of ['own', 'foreign']) {
      const server = createServer((request, response) => {
        const isKey = request.url?.includes('/key/')
        heard.push({ at: name, key: request.headers[KEY_HEADER.toLowerCase()] as string | undefined })
        const told = isKey || name === 'foreign' ? undefined : answer(request)
        if (told) response.writeHead(told.status, { Location: told.location }).end()
        else response.end(JSON.stringify({ status: 'success', key: 'SASS_over_http' }))
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      servers.push(server)
      origins.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    }
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  })

  const places = [
    '/elsewhere',
    'FOREIGN/x',
    '//127.0.0.1:PORT/x',
    'data:application/json,{}',
    'javascript:alert(1)',
    'http://[',
    '',
  ]
  it.each([301, 302, 303, 307, 308].flatMap(status => places.map(place => [status, place] as const)))(
    'of %i to %j takes no key along, and is origin_not_allowed',
    async (status, place) => {
      const [own, foreign] = origins as [string, string]
      answer = ({ url }) =>
        url === '/elsewhere'
          ? undefined
          : { status, location: place.replace('FOREIGN', foreign).replace('PORT', new URL(foreign).port) }
      const { createAuth } = await watched()
      const auth = createAuth({ token: TOKEN, templateId: TEMPLATE, apiBase: own, storage: 'memory', fetch: undefined })
      for (const init of [{}, { method: 'POST', body: 'x' }, { redirect: 'follow' as const }]) {
        expect((await typed(auth.fetch(`${own}/files`, init))).error).toMatchObject({ code: 'origin_not_allowed' })
      }
      // What `sign` made rejects by itself.
      const request = await auth.sign(`${own}/files`, { redirect: 'follow' })
      await expect(fetch(request)).rejects.toBeDefined()
      expect(heard.filter(({ at }) => at === 'foreign')).toEqual([])
      expect(heard.filter(({ key }) => key)).toHaveLength(4)
    },
  )
})

describe('with a polluted Object.prototype', () => {
  const evil = 'https://evil.example'
  const values: [string, unknown][] = [
    ['apiBase', evil],
    ['keyUrl', `${evil}/key`],
    ['allowedOrigins', [evil]],
    ['token', 'evil'],
    ['templateId', 'x'],
    ['fetch', 'x'],
    ['requestKey', 'x'],
    ['send', 'x'],
    ['status', 'success'],
    ['key', 'SASS_polluted'],
    ['get', 'x'],
    ['value', 'SASS_polluted'],
    ['headers', { 'X-Evil': '1' }],
    ['redirect', 'follow'],
    ['mode', 'no-cors'],
    ['method', 'PUT'],
    ['body', 'x'],
    ['credentials', 'include'],
    ['signal', 'x'],
    ['url', evil],
    ['origin', API],
    ['href', evil],
    ['bodyUsed', false],
    ['ok', true],
    ['storage', 'x'],
    ['cacheScope', 'x'],
    ['generation', 9e15],
    ['startedAtMs', 1],
    ['expiresAtMs', 9e15],
    ['starts', [1]],
    ['code', 'KEY_EXPIRED'],
    ['msg', 'KEY_EXPIRED'],
    ['key_validity', { expire_duration: 1 }],
    ['expire_duration', 1],
    ['onEvent', 'x'],
    ['length', 0],
    ['toJSON', 'x'],
    ['other', 'x'],
  ]

  it.each(values)('by %s no key goes to a foreign origin, and none is made of nothing', async (name, value) => {
    const { auth, service } = await watched()
    await auth.getKey()
    const given = [...service.given]
    const other = await watched()
    service.answerKey = other.service.answerKey = () => new Response('{}')
    // What fails in such a page fails as it may: the platform itself reads what is on every object.
    const settled = await polluted({ [name]: value }, () =>
      Promise.allSettled([
        auth.fetch(`${API}/x`, {}),
        auth.fetch(`${evil}/x`),
        auth.sign(`${evil}/x`),
        other.auth.getKey({ maxWaitMs: 0 }),
      ]),
    )
    expect(settled.slice(1).map(({ status }) => status)).toEqual(Array(3).fill('rejected'))
    expect(service.requests.every(({ url }) => new URL(url).origin === API)).toBe(true)
    expect(service.keysUsed().every(key => given.includes(key!))).toBe(true)
    for (const { url } of [...service.asked, ...other.service.asked]) expect(url.startsWith(`${API}/`)).toBe(true)
    // And all is well once it is gone.
    service.answerKey = () => service.give('SASS_after_the_pollution')
    expect((await typed(auth.fetch(`${API}/x`))).value?.ok).toBe(true)
  })

  it('by what a page has, options of createAuth are still its own', async () => {
    const { auth, service } = await polluted({ apiBase: evil, keyUrl: `${evil}/key`, allowedOrigins: [evil] }, () =>
      watched(),
    )
    await auth.getKey()
    expect(service.asked[0]?.url).toBe(`${API}/${TOKEN}/key/${TEMPLATE}`)
    expect(isAuthError((await typed(auth.sign(`${evil}/x`))).error)).toBe(true)
  })
})

describe('what fetch is given and gives', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', {}],
    ['a text that lies', { bodyUsed: false }],
  ])('an address that is %s is refused with a type', async (_, input) => {
    const { auth } = await watched()
    expect((await typed(auth.fetch(input as string))).error?.code).toMatch(/^(invalid_options|origin_not_allowed)$/)
  })

  it('a Request whose body is being read is invalid_options', async () => {
    const { auth, service } = await watched()
    const request = new Request(`${API}/x`, { method: 'POST', body: 'x' })
    request.body!.getReader()
    expect((await typed(auth.fetch(request))).error).toMatchObject({ code: 'invalid_options' })
    expect(service.requests).toHaveLength(0)
  })

  it.each<[string, () => unknown]>([
    [
      'throws at once',
      () => {
        throw new Error('the header "SASS_hush" is wrong')
      },
    ],
    ['resolves with nothing', async () => undefined],
    ['resolves with a status alone', async () => ({ status: 200 })],
  ])('a function of the page that %s is network', async (_, send) => {
    const { createAuth, service } = await watched()
    const fetch = ((input: Request, init: RequestInit) =>
      input instanceof Request ? send() : service.fetch(input, init)) as typeof globalThis.fetch
    expect((await typed(createAuth({ fetch }).fetch(`${API}/x`))).error).toMatchObject({ code: 'network' })
  })

  it('an answer that breaks off is the caller’s, as fetch has it', async () => {
    const { createAuth, service } = await watched()
    const body = new ReadableStream({ pull: controller => controller.error(new TypeError('it broke off')) })
    service.answerApi = () => new Response(body, { status: 403 })
    const response = await createAuth({}).fetch(`${API}/x`)
    expect(response.status).toBe(403)
    await expect(response.text()).rejects.toThrow('it broke off')
  })
})
