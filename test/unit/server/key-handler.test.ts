// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KeyHandlerOptions } from '../../../src/server/index.ts'
import { API, failureOf, fakeService, json, newKey, SECRET, TEMPLATE, TOKEN, tidyUp } from '../fakes.ts'
import { freezeTime } from '../time.ts'
import { given, openEndpoint, refused, toldBy } from './endpoint.ts'

beforeEach(freezeTime)
afterEach(tidyUp)

const here = 'https://shop.example'
const elsewhere = 'https://elsewhere.example'
const fromHere = { 'Sec-Fetch-Site': 'same-origin' }

/** Whether a visitor got a key. */
const isGiven = async (answer: Promise<Response>) => (await answer).status === 200

describe('who may have the key', () => {
  it('has to be said: a handler without authorize is not made', async () => {
    for (const authorize of [undefined, null, true, 'everybody', {}]) {
      const error = await failureOf(openEndpoint({ authorize } as unknown as KeyHandlerOptions))
      expect([error.code, error.message]).toEqual(['invalid_options', expect.stringMatching(/^authorize: /)])
    }
  })

  it('is everyone where that is said', async () => {
    const { ask } = await openEndpoint({ authorize: 'everyone' })
    expect(await isGiven(ask())).toBe(true)
  })

  it('is whom authorize answers true, at once or later, by the request itself', async () => {
    const authorize = async ({ headers }: Request) => headers.get('Cookie') === 'session=1'
    const { ask, service } = await openEndpoint({ authorize })
    expect(await toldBy(await ask())).toEqual(refused(401, 'unauthorized'))
    expect(service.asked).toEqual([])
    expect(await isGiven(ask({ headers: { Cookie: 'session=1' } }))).toBe(true)
    expect(await toldBy(await ask({ headers: { Cookie: 'session=2' } }))).toEqual(refused(401, 'unauthorized'))
  })

  it.each([undefined, null, 0, 1, 'yes', { user: 'ann' }])('is nobody of whom it says %o', async verdict => {
    const { ask } = await openEndpoint({ authorize: () => verdict as unknown as boolean })
    expect(await toldBy(await ask())).toEqual(refused(401, 'unauthorized'))
  })

  it.each([403, 302, 200])("is nobody whom it answers by a Response of the site's own, such as %i", async status => {
    const headers = { Location: '/sign-in', 'Cache-Control': 'max-age=600' }
    const { ask } = await openEndpoint({ authorize: () => new Response('own words', { status, headers }) })
    const answer = await ask()
    expect([answer.status, await answer.text(), answer.headers.get('Location')]).toEqual([
      status,
      'own words',
      '/sign-in',
    ])
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
  })

  it('is nobody where authorize throws, and the site is told why', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const reason = new Error('the session store is down')
    for (const authorize of [() => Promise.reject(reason), () => raise(reason)]) {
      const answer = await (await openEndpoint({ authorize })).ask()
      const [status, body] = await toldBy(answer)
      expect([status, body]).toEqual(refused(500, 'authorize_failed'))
      expect(JSON.stringify(body)).not.toContain('session store')
    }
    expect(log.mock.calls).toEqual([[reason], [reason]])
  })
})

function raise(reason: Error): never {
  throw reason
}

describe('a page of another origin', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['its own origin', fromHere, true],
    ['the address bar', { 'Sec-Fetch-Site': 'none' }, true],
    [
      'its own origin, behind a proxy that speaks https for it',
      { ...fromHere, Origin: 'https://public.example' },
      true,
    ],
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: elsewhere }, false],
    ['another site, without CORS', { 'Sec-Fetch-Site': 'cross-site' }, false],
    ['a neighbouring subdomain', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://blog.shop.example' }, false],
    ['an older browser on its own origin', {}, true],
    ['an older browser that names its own origin', { Origin: here }, true],
    ['an older browser on another site', { Origin: elsewhere }, false],
    ['a sandboxed frame', { Origin: 'null' }, false],
  ])('asked from %s', async (_, headers, expected) => {
    const authorize = vi.fn<() => boolean>(() => true)
    const { ask } = await openEndpoint({ authorize })
    const answer = await ask({ headers })
    expect(answer.status).toBe(expected ? 200 : 403)
    expect(authorize).toHaveBeenCalledTimes(expected ? 1 : 0)
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control-'))).toEqual([])
  })

  it('may ask where its origin is allowed, and read every answer and when to come again', async () => {
    const { ask, service } = await openEndpoint({ allowedOrigins: [`${elsewhere}/`], authorize: isSignedIn })
    service.answerKey = () => json({}, 429)
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: elsewhere }
    for (const init of [{ headers }, { headers: { ...headers, Cookie: 'a' } }, { headers, method: 'OPTIONS' }]) {
      const answer = await ask(init)
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(elsewhere)
      expect(answer.headers.get('Access-Control-Expose-Headers')).toBe('Retry-After')
      expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull()
    }
    expect((await ask({ headers: { ...headers, Origin: 'https://third.example' } })).status).toBe(403)
    // The API's own origin is where keys may go, and not where they may be asked from.
    expect((await ask({ headers: { ...headers, Origin: API } })).status).toBe(403)
  })

  it.each(['*', 'https://*.example', 'http://elsewhere.example', 'null'])('cannot be allowed by %s', async origin => {
    expect((await failureOf(openEndpoint({ allowedOrigins: [origin] }))).code).toBe('invalid_options')
  })
})

const isSignedIn = ({ headers }: Request) => headers.has('Cookie')

describe('an answer', () => {
  it('is never kept by a cache, whatever it says, and is read as nothing but JSON', async () => {
    const { ask, service } = await openEndpoint({ authorize: isSignedIn })
    service.answerKey = () => json({}, 500)
    const failed = await ask({ headers: { Cookie: 'a' } })
    vi.setSystemTime(Date.now() + 60_000)
    service.answerKey = () => service.give(newKey())
    const answers = [failed, await ask({ headers: { Cookie: 'a' } }), await ask(), await ask({ method: 'POST' })]
    expect(answers.map(({ status }) => status)).toEqual([502, 200, 401, 405])
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        vary: '*',
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })

  it.each([
    ['GET', 200, null],
    ['HEAD', 200, null],
    ['OPTIONS', 204, 'GET, HEAD, OPTIONS'],
    ['POST', 405, 'GET, HEAD, OPTIONS'],
    ['PUT', 405, 'GET, HEAD, OPTIONS'],
    ['DELETE', 405, 'GET, HEAD, OPTIONS'],
  ])('to %s has the status %i', async (method, status, allow) => {
    const { ask, service } = await openEndpoint()
    const answer = await ask({ method })
    expect([answer.status, answer.headers.get('Allow')]).toEqual([status, allow])
    expect(service.asked).toHaveLength(status === 200 ? 1 : 0)
  })

  it('to HEAD has no body, and the same headers', async () => {
    const { ask } = await openEndpoint()
    const [head, get] = [await ask({ method: 'HEAD' }), await ask()]
    expect(head.body).toBeNull()
    expect([...head.headers]).toEqual([...get.headers])
  })
})

describe('the request to the service', () => {
  it('goes to /key of the project and template, without what only browsers know', async () => {
    const { ask, service } = await openEndpoint({ apiBase: 'https://api.example/base/' })
    await ask({ headers: { Cookie: 'session=1', 'X-Own': 'yes' } })
    expect(service.asked[0]!.url).toBe(`https://api.example/base/${TOKEN}/key/${TEMPLATE}`)
    expect(service.asked[0]!.init).toEqual({ cache: 'no-store', signal: expect.any(AbortSignal) })
  })

  it('goes by the global fetch of the moment, without no-store on a platform that throws at it', async () => {
    const { ask, service } = await openEndpoint({ fetch: undefined })
    const { Request } = globalThis
    vi.stubGlobal(
      'Request',
      class extends Request {
        constructor(input: RequestInfo, init: RequestInit) {
          if ('cache' in init) throw new Error("The 'cache' field on 'RequestInitializerDict' is not implemented.")
          super(input, init)
        }
      },
    )
    vi.stubGlobal('fetch', service.fetch)
    expect(await isGiven(ask())).toBe(true)
    expect(service.asked[0]!.init).toEqual({ signal: expect.any(AbortSignal) })
  })

  it("is the service's, also where options are shared with the browser's createAuth", async () => {
    const shared = { keyUrl: 'https://shop.example/key', requestKey: async () => 'SASS_other', maxWaitMs: 99_000 }
    const { told, service } = await openEndpoint(shared as Partial<KeyHandlerOptions>)
    expect(await told()).toEqual(given(service.given[0], 1200))
    expect(service.asked[0]!.url).toMatch(/^https:\/\/api\.filerobot\.com\//)
  })
})

describe('options', () => {
  it.each<[string, Partial<Record<keyof KeyHandlerOptions | 'secretKey', unknown>>]>([
    ['templateId', { templateId: undefined }],
    ['templateId', { templateId: SECRET }],
    ['secretKey', { secretKey: SECRET }],
    ['token', { token: '' }],
    ['apiBase', { apiBase: 'http://api.example' }],
    ['timeoutMs', { timeoutMs: -1 }],
    ['storage', { storage: 'redis' }],
  ])('are refused by the name of %s', async (name, wrong) => {
    const error = await failureOf(openEndpoint(wrong as Partial<KeyHandlerOptions>))
    expect([error.code, error.message]).toEqual(['invalid_options', expect.stringContaining(name)])
    expect(error.message).not.toContain(SECRET)
  })
})

describe('a key', () => {
  it('is in no event, no error and no log', async () => {
    const logs = (['log', 'info', 'warn', 'error', 'debug'] as const).map(name => vi.spyOn(console, name))
    const service = fakeService()
    const { told, events } = await openEndpoint({}, service)
    await told()
    vi.setSystemTime(Date.now() + 700_000)
    service.answerKey = () => json({ status: 'error', code: service.given[0], msg: service.given[0] }, 400)
    await told()
    vi.setSystemTime(Date.now() + 700_000)
    const refusal = await told()
    expect(refusal).toEqual(refused(404, 'template_rejected'))
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['key', 'failure']))
    expect(JSON.stringify([events, refusal])).not.toContain('SASS_')
    expect(logs.flatMap(({ mock }) => mock.calls)).toEqual([])
  })
})
