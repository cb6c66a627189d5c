// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, fakeLocks, json, newKey, openPage, stubBrowser, success, tidyUp } from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

// These tests are about the error itself, and not about waiting for a better time.
const now = { maxWaitMs: 0 }

const html = (status = 200) =>
  new Response('<!doctype html><title>Sign in to the WLAN</title>', {
    status,
    headers: { 'Content-Type': 'text/html' },
  })
const text = (body: string, status = 200) =>
  new Response(body, { status, headers: { 'Content-Type': 'application/json' } })

describe('an answer that cannot be believed', () => {
  it.each<[string, () => Response]>([
    ['HTML, as a captive portal sends it', () => html()],
    ['nothing', () => new Response('')],
    ['no body at all', () => new Response(null, { status: 204 })],
    ['half of its JSON', () => text('{"status":"success","key":"SASS_abcd')],
    ['null', () => json(null)],
    ['a list', () => json(['success', newKey()])],
    ['a text', () => json('SASS_text_only')],
    ['no key', () => json({ status: 'success' })],
    ['no status', () => json({ key: newKey() })],
    ['another status', () => json({ status: 'ok', key: newKey() })],
    ['a key that is a number', () => json({ status: 'success', key: 42 })],
    ['a key that is a list', () => json({ status: 'success', key: [newKey()] })],
    ['a key with another prefix', () => success('TASS_0123456789')],
    ['a key in lower case', () => success('sass_0123456789')],
    ['the prefix alone', () => success('SASS_')],
    ['a key that is too short', () => success('SASS_abc')],
    ['a key that is too long', () => success(`SASS_${'a'.repeat(8188)}`)],
    ['a key with a space', () => success('SASS_0123 4567')],
    ['a key with a line break, which would end a header', () => success('SASS_01234567\r\nX-Evil: 1')],
    ['a key with a letter beyond ASCII', () => success('SASS_0123ä567')],
    ['a secret key', () => success('0123456789abcdef0123456789abcdef')],
    ['more than 64 kB', () => json({ status: 'success', key: newKey(), padding: 'x'.repeat(70_000) })],
  ])('%s is malformed_response (rule 6)', async (_, answer) => {
    const { auth, service } = await openPage()
    service.answerKey = answer
    expect(await failureOf(auth.getKey())).toMatchObject({ name: 'AuthError', code: 'malformed_response' })
    expect(auth.peek()).toBeUndefined()
    expect(auth.state).toMatchObject({ status: 'error', error: { code: 'malformed_response' } })
  })

  it('stops reading after 64 kB (rule 6)', async () => {
    const { auth, service } = await openPage()
    let pulled = 0
    const cancelled = vi.fn<() => void>()
    service.answerKey = () =>
      new Response(
        new ReadableStream({
          pull: controller => controller.enqueue(new Uint8Array(16_384).fill(0x20 + (pulled++ % 2))),
          cancel: cancelled,
        }),
      )
    expect(await failureOf(auth.getKey())).toMatchObject({ code: 'malformed_response' })
    expect(pulled).toBeLessThan(10)
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce())
  })

  it('a key on Object.prototype makes no answer a success (rule 6)', async () => {
    const { auth, service } = await openPage()
    const polluted = Object.prototype as Record<string, unknown>
    Object.assign(polluted, { status: 'success', key: newKey() })
    try {
      service.answerKey = () => text('{}')
      expect(await failureOf(auth.getKey())).toMatchObject({ code: 'malformed_response' })
    } finally {
      delete polluted.status
      delete polluted.key
    }
  })

  it.each(['SASS_abcd', `SASS_${'~'.repeat(8187)}`, 'SASS_!"#$%&()*+,-./:;<=>?@[]^_`{|}'])(
    'a key of unusual form is a key: %.20s (rule 6)',
    async key => {
      const { auth, service } = await openPage()
      service.answerKey = () => service.give(key)
      expect((await auth.getKey()).value).toBe(key)
    },
  )
})

describe('a request that fails', () => {
  it.each([408, 500, 502, 503, 504])('HTTP %i is server (rule 4)', async status => {
    const { auth, service } = await openPage()
    service.answerKey = () => html(status)
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'server', status })
  })

  it.each([408, 500, 503])('HTTP %i is server, also with status "error" in its JSON (rule 4)', async status => {
    const { auth, service } = await openPage()
    service.answerKey = () => json({ status: 'error', code: 'INTERNAL', msg: 'It is our fault' }, status)
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'server', status })
  })

  it('a connection that breaks is network (rule 4)', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => Promise.reject(new TypeError('fetch failed'))
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'network' })
  })

  it('a body that breaks off is network', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () =>
      new Response(new ReadableStream({ pull: controller => controller.error(new TypeError('terminated')) }))
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'network' })
  })

  it('does not repeat the query of keyUrl, which may hold a secret', async () => {
    const { createAuth, service } = await openPage()
    service.answerKey = () => Promise.reject(new TypeError('fetch failed'))
    const error = await failureOf(createAuth({ keyUrl: 'https://shop.example/key?session=hush' }).getKey(now))
    expect(error.code).toBe('network')
    expect(error.message).not.toContain('hush')
  })

  it('starts no request while the browser is off line (rule 4)', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    stubBrowser({ locks: fakeLocks(), onLine: false })
    const { auth, service } = await openPage()
    const error = await failureOf(auth.getKey(now))
    expect(error).toMatchObject({ code: 'network' })
    expect(service.asked).toHaveLength(0)
    stubBrowser({ locks: fakeLocks() })
    vi.setSystemTime(error.retryAtMs!)
    expect((await auth.getKey(now)).value).toBe(service.given[0])
  })

  it('that does not end within timeoutMs is timeout, and is aborted', async () => {
    const { createAuth, service } = await openPage()
    service.hold()
    const auth = createAuth({ timeoutMs: 50 })
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'timeout' })
    expect(service.asked[0]?.init.signal?.aborted).toBe(true)
  })

  it('times out although fetch does not heed its signal', async () => {
    const { createAuth } = await openPage()
    const auth = createAuth({ timeoutMs: 50, fetch: () => new Promise(() => {}) })
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'timeout' })
  })

  it('times out when the body never ends', async () => {
    const { createAuth, service } = await openPage()
    service.answerKey = () => new Response(new ReadableStream())
    expect(await failureOf(createAuth({ timeoutMs: 50 }).getKey(now))).toMatchObject({ code: 'timeout' })
  })

  it.each([
    [400, 'BAD_REQUEST'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'TEMPLATE_NOT_FOUND'],
    [200, 'TEMPLATE_DISABLED'],
  ])('HTTP %i with status "error" is template_rejected (rule 4)', async (status, code) => {
    const { auth, service } = await openPage()
    service.answerKey = () => json({ status: 'error', code, msg: 'No such template' }, status)
    const error = await failureOf(auth.getKey(now))
    expect(error).toMatchObject({ code: 'template_rejected', status })
    expect(error.message).toContain('templateId')
  })

  it('a refused template is not asked for again, but is after forceRefresh and after clear (rule 4)', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => html(404)
    for (let count = 0; count < 3; count++) {
      expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'template_rejected' })
    }
    expect(service.asked).toHaveLength(1)
    expect(await failureOf(auth.getKey({ forceRefresh: true }))).toMatchObject({ code: 'template_rejected' })
    expect(service.asked).toHaveLength(2)
    await auth.clear()
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'template_rejected' })
    expect(service.asked).toHaveLength(3)
  })
})
