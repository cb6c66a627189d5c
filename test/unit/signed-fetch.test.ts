// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SignedInit } from '../../src/connectable.ts'
import {
  API,
  FILES,
  failureOf,
  fakeLocks,
  fakeService,
  newKey,
  openPage,
  refusal,
  shiftyUrl,
  stubBrowser,
  tidyUp,
} from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

/** A service that refuses its first key, and says what it got with the others. */
function echo() {
  const service = fakeService()
  service.answerApi = async request => {
    const body = await request.text()
    if (request.headers.get('X-Filerobot-Key') === service.given[0]) return refusal('KEY_EXPIRED')
    return new Response(body, { headers: { 'X-Type': request.headers.get('Content-Type') ?? '' } })
  }
  return service
}

const stream = (...parts: string[]) => new Blob(parts).stream() as ReadableStream<Uint8Array>

describe('sign', () => {
  it('puts the key on the request, in place of another', async () => {
    const { auth, service } = await openPage()
    const headers = { 'X-Filerobot-Key': 'SASS_an_old_one', 'X-Mine': '1' }
    const request = await auth.sign(FILES, { method: 'DELETE', headers })
    expect(request).toBeInstanceOf(Request)
    expect(request.method).toBe('DELETE')
    expect(Object.fromEntries(request.headers)).toEqual({ 'x-filerobot-key': service.given[0], 'x-mine': '1' })
    expect(service.requests).toHaveLength(0)
  })

  it('keeps a redirect from carrying the key on (rule 11)', async () => {
    const { auth } = await openPage()
    expect((await auth.sign(FILES)).redirect).toBe('error')
    expect((await auth.sign(FILES, { redirect: 'follow' })).redirect).toBe('error')
    expect((await auth.sign(new Request(FILES, { redirect: 'follow' }))).redirect).toBe('error')
  })

  it('takes a Request with its body', async () => {
    const { auth } = await openPage()
    const signed = await auth.sign(new Request(FILES, { method: 'POST', body: 'text' }), { headers: { 'X-Mine': '1' } })
    expect(await signed.text()).toBe('text')
    expect(signed.headers.get('X-Mine')).toBe('1')
  })

  it('takes a stream (rule 12)', async () => {
    const { auth } = await openPage()
    const init = { method: 'POST', body: stream('one', 'two'), duplex: 'half' } as RequestInit
    expect(await (await auth.sign(FILES, init)).text()).toBe('onetwo')
  })

  it('takes a stream where a request has no property "duplex", as in Chromium 105 to 130', async () => {
    const { prototype } = Request
    const duplex = Object.getOwnPropertyDescriptor(prototype, 'duplex')!
    Reflect.deleteProperty(prototype, 'duplex')
    try {
      const { auth } = await openPage()
      const init = { method: 'POST', body: stream('one', 'two'), duplex: 'half' } as RequestInit
      expect(await (await auth.sign(FILES, init)).text()).toBe('onetwo')
    } finally {
      Object.defineProperty(prototype, 'duplex', duplex)
    }
  })

  it.each(['sign', 'fetch'] as const)('%s refuses a request whose body was read already', async method => {
    const { auth, service } = await openPage()
    const request = new Request(FILES, { method: 'POST', body: 'once' })
    await request.text()
    expect(await failureOf(auth[method](request))).toMatchObject({ code: 'invalid_options' })
    expect(service.asked).toHaveLength(0)
  })

  it('refuses a stream where the engine would send it as a text (rule 12)', async () => {
    const { Request: NewRequest } = globalThis
    // What such an engine does: it knows neither `duplex` nor streams, and makes a text of what it does not know.
    class OldRequest extends NewRequest {
      constructor(input: RequestInfo | URL, init: RequestInit = {}) {
        super(input, init.body instanceof ReadableStream ? { ...init, body: '[object ReadableStream]' } : init)
      }
    }
    const { auth, service } = await openPage()
    vi.stubGlobal('Request', OldRequest)
    const duplex = Object.getOwnPropertyDescriptor(NewRequest.prototype, 'duplex')
    Reflect.deleteProperty(NewRequest.prototype, 'duplex')
    try {
      const init = { method: 'POST', body: stream('one', 'two'), duplex: 'half' } as RequestInit
      expect(await failureOf(auth.sign(FILES, init))).toMatchObject({ code: 'invalid_options' })
      expect(await failureOf(auth.fetch(FILES, init))).toMatchObject({ code: 'invalid_options' })
      expect([service.asked.length, service.requests.length]).toEqual([0, 0])
    } finally {
      if (duplex) Object.defineProperty(NewRequest.prototype, 'duplex', duplex)
    }
  })

  it.each<[string, () => [RequestInfo, RequestInit?]]>([
    ['no-cors, which would drop the header', () => [FILES, { mode: 'no-cors' }]],
    ['no-cors in a Request', () => [new Request(FILES, { mode: 'no-cors' })]],
    ['a method that is forbidden', () => [FILES, { method: 'CONNECT' }]],
    ['a GET with a body', () => [FILES, { body: 'text' }]],
    ['a header that is none', () => [FILES, { headers: { 'a b': 'c' } }]],
  ])('refuses %s before anything is asked for (rule 11)', async (_, args) => {
    const { auth, service } = await openPage()
    expect(await failureOf(auth.sign(...args()))).toMatchObject({ code: 'invalid_options' })
    expect(await failureOf(auth.fetch(...args()))).toMatchObject({ code: 'invalid_options' })
    expect([service.asked.length, service.requests.length]).toEqual([0, 0])
  })

  it('fails as getKey does', async () => {
    const { createAuth, service } = await openPage()
    const auth = createAuth({ maxWaitMs: 0 })
    service.answerKey = () => new Response('', { status: 503 })
    expect(await failureOf(auth.sign(FILES))).toMatchObject({ code: 'server' })
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'server' })
    expect(service.requests).toHaveLength(0)
  })
})

describe('fetch', () => {
  it('sends with the key, and its answer is untouched', async () => {
    const { auth, service } = await openPage()
    const answer = new Response('{"files":[]}', { status: 206, headers: { 'Content-Type': 'application/json' } })
    service.answerApi = () => answer
    expect(await auth.fetch(FILES)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
    expect(service.keysUsed()).toEqual([service.given[0]])
    expect(service.requests[0]?.redirect).toBe('manual')
  })

  it.each<[string, () => BodyInit, string | RegExp]>([
    ['a text', () => 'some words', 'text/plain;charset=UTF-8'],
    ['a Blob', () => new Blob(['some words'], { type: 'image/png' }), 'image/png'],
    ['URLSearchParams', () => new URLSearchParams({ a: 'some words' }), /x-www-form-urlencoded/],
    ['an ArrayBuffer', () => new TextEncoder().encode('some words').buffer, ''],
    ['bytes', () => new TextEncoder().encode('some words'), ''],
    [
      'FormData',
      () => {
        const form = new FormData()
        form.append('file', new Blob(['some words'], { type: 'image/png' }), 'a.png')
        return form
      },
      /^multipart\/form-data; boundary=/,
    ],
  ])('sends %s once more, whole, with a new key (rule 12)', async (_, body, type) => {
    const service = echo()
    const { auth } = await openPage(service)
    const response = await auth.fetch(FILES, { method: 'POST', body: body() })
    expect(service.keysUsed()).toEqual(service.given.slice(0, 2))
    expect(await response.text()).toMatch(/some[ +]words/)
    expect(response.headers.get('X-Type')).toMatch(type)
  })

  it('sends a Request with its body once more, whole (rule 12)', async () => {
    const service = echo()
    const { auth } = await openPage(service)
    const body = 'x'.repeat(200_000)
    const response = await auth.fetch(new Request(FILES, { method: 'PUT', body, headers: { 'X-Mine': '1' } }))
    expect(await response.text()).toBe(body)
    expect(service.requests.map(({ method }) => method)).toEqual(['PUT', 'PUT'])
    expect(service.requests[1]?.headers.get('X-Mine')).toBe('1')
  })

  it('sends a stream once, and its refusal is the answer (rule 12)', async () => {
    const service = echo()
    const { auth } = await openPage(service)
    const init = { method: 'POST', body: stream('one', 'two'), duplex: 'half' } as RequestInit
    const response = await auth.fetch(FILES, init)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'KEY_EXPIRED' })
    expect(service.requests).toHaveLength(1)
    expect(auth.peek()?.value).not.toBe(service.given[0])
  })

  it.each([301, 302, 303, 307, 308])('turns a redirect into origin_not_allowed: HTTP %i (rule 11)', async status => {
    const { auth, service } = await openPage()
    service.answerApi = () => new Response(null, { status, headers: { Location: 'https://evil.example/' } })
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'origin_not_allowed' })
    expect(await failureOf(auth.fetch(FILES, { redirect: 'follow' }))).toMatchObject({ code: 'origin_not_allowed' })
    expect(service.requests.every(({ redirect }) => redirect === 'manual')).toBe(true)
  })

  it('turns a redirect that a browser hides into origin_not_allowed (rule 11)', async () => {
    const { auth, service } = await openPage()
    const hidden = Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } })
    service.answerApi = () => hidden
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'origin_not_allowed' })
  })

  it('sends in another way for a connection that asks for it: with the key, once more after a refusal, and no redirect', async () => {
    const { auth, service } = await openPage()
    const keys: (string | null)[] = []
    const answers = [refusal('KEY_EXPIRED'), new Response('sent'), Response.error()]
    const send = async (request: Request) => {
      keys.push(request.headers.get('X-Filerobot-Key'))
      return answers.shift()!
    }
    const init: SignedInit = { method: 'POST', body: 'body', send }
    expect(await (await auth.fetch(FILES, init)).text()).toBe('sent')
    expect(keys).toEqual(service.given)
    expect(keys).toHaveLength(2)
    expect(service.requests).toHaveLength(0)
    expect(await failureOf(auth.fetch(FILES, init))).toMatchObject({ code: 'origin_not_allowed' })
    expect(await failureOf(auth.fetch(FILES, { ...init, signal: AbortSignal.abort('gone') }))).toBe('gone')
  })

  it('is network when the connection breaks', async () => {
    const { auth, service } = await openPage()
    service.answerApi = () => Promise.reject(new TypeError('fetch failed'))
    expect(await failureOf(auth.fetch(`${API}/x?secret=hush`))).toMatchObject({ name: 'AuthError', code: 'network' })
  })

  it.each([200, 403])('is the answer when the connection breaks in its middle: %i', async status => {
    const { auth, service } = await openPage()
    const broken = new TypeError('network error')
    service.answerApi = () => {
      const body = new ReadableStream({ start: controller => controller.error(broken) })
      return new Response(body, { status, headers: { 'Content-Type': 'application/json' } })
    }
    const response = await auth.fetch(FILES)
    expect(response.status).toBe(status)
    expect(await failureOf(response.json())).toBe(broken)
    expect(service.requests).toHaveLength(1)
  })

  it('rejects with the reason of its signal, before and while it is sent (rule 17)', async () => {
    const { auth, service } = await openPage()
    const reason = new Error('changed my mind')
    expect(await failureOf(auth.fetch(FILES, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    const caller = new AbortController()
    service.answerApi = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
        caller.abort(reason)
      })
    expect(await failureOf(auth.fetch(FILES, { signal: caller.signal }))).toBe(reason)
    expect(service.requests).toHaveLength(1)
  })

  it('rejects with the reason of its signal while the key is waited for', async () => {
    const { auth, service } = await openPage()
    const caller = new AbortController()
    const release = service.hold()
    const pending = failureOf(auth.fetch(FILES, { signal: caller.signal }))
    const reason = new Error('changed my mind')
    caller.abort(reason)
    expect(await pending).toBe(reason)
    release()
    expect((await auth.getKey()).value).toBe(service.given[0])
    expect(service.requests).toHaveLength(0)
  })

  it('does not send once more with a redirect in between, or to an origin that changed its mind', async () => {
    const service = fakeService()
    service.answerKey = () => service.give(newKey())
    service.answerApi = () => refusal('KEY_EXPIRED')
    const { auth } = await openPage(service)
    expect(await failureOf(auth.fetch(shiftyUrl()))).toMatchObject({ code: 'origin_not_allowed' })
    expect(service.requests.map(({ url }) => url)).toEqual([FILES])
  })
})
