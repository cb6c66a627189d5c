// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  FILES,
  failureOf,
  fakeLocks,
  fakeService,
  fakeStorage,
  json,
  MINUTE_MS,
  openPage,
  refusal,
  stubBrowser,
  tidyUp,
} from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

/** A service that refuses its first key with `answer`. */
function refusing(answer: () => Response, refused = 1) {
  const service = fakeService()
  service.answerApi = ({ headers }) => {
    const key = headers.get('X-Filerobot-Key') ?? ''
    return service.given.indexOf(key) < refused ? answer() : json({ status: 'success' })
  }
  return service
}

describe('a refusal of the key (rule 12)', () => {
  const statuses = [400, 401, 403, 404, 422, 200]
  it.each(statuses)('with status %i brings a new key, and the request goes once more', async status => {
    for (const code of ['KEY_EXPIRED', 'ERR_SASS_INVALID']) {
      const service = refusing(() => refusal(code, status))
      const { createAuth, watchedAuth } = await openPage(service)
      const { auth, events } = watchedAuth({ cacheScope: code })
      expect((await auth.fetch(FILES)).status).toBe(200)
      expect(service.keysUsed()).toEqual(service.given)
      expect(service.asked).toHaveLength(2)
      expect(events).toContainEqual(expect.objectContaining({ type: 'resend', status }))
      expect(createAuth({ cacheScope: code }).peek()?.value).toBe(service.given[1])
    }
  })

  it.each<[string, () => Response]>([
    ['as msg', () => json({ status: 'error', msg: 'KEY_EXPIRED' }, 403)],
    ['as code only', () => json({ code: 'ERR_SASS_INVALID' }, 401)],
    [
      'in a vendor JSON type',
      () =>
        new Response('{"code":"KEY_EXPIRED"}', {
          status: 403,
          headers: { 'Content-Type': 'application/problem+json' },
        }),
    ],
    ['in JSON that is called text', () => new Response('{"code":"KEY_EXPIRED"}', { status: 401 })],
  ])('is recognised %s', async (_, answer) => {
    const service = refusing(answer)
    const { auth } = await openPage(service)
    expect((await auth.fetch(FILES)).status).toBe(200)
    expect(service.requests).toHaveLength(2)
  })

  it.each<[string, () => Response]>([
    ['another code', () => refusal('FORBIDDEN')],
    ['the word within a sentence', () => json({ msg: 'It may be KEY_EXPIRED or not' }, 403)],
    ['the word elsewhere', () => json({ hint: 'KEY_EXPIRED', files: ['KEY_EXPIRED'] }, 403)],
    ['no JSON', () => new Response('KEY_EXPIRED', { status: 403, headers: { 'Content-Type': 'text/html' } })],
    ['half of its JSON', () => new Response('{"code":"KEY_EXP', { status: 403, headers: jsonType })],
    ['null', () => json(null, 403)],
    ['more than 64 kB', () => json({ padding: 'x'.repeat(70_000), code: 'KEY_EXPIRED' }, 403)],
    ['a server error', () => refusal('KEY_EXPIRED', 500)],
    ['a 200 with another code', () => json({ status: 'success', code: 'FINE' })],
    ['an empty body', () => new Response(null, { status: 401, headers: jsonType })],
  ])('%s is none: the answer is the caller’s, unread', async (_, answer) => {
    const service = refusing(answer)
    const { auth } = await openPage(service)
    const response = await auth.fetch(FILES)
    expect(response.bodyUsed).toBe(false)
    expect(await response.text()).toBe(await answer().text())
    expect([service.requests.length, service.asked.length]).toEqual([1, 1])
    expect(auth.peek()?.value).toBe(service.given[0])
  })

  it('a large 200 of JSON stays unread for the caller, and not much of it is taken', async () => {
    const { auth, service } = await openPage()
    let pulled = 0
    const chunk = new TextEncoder().encode(`"${'x'.repeat(8190)}"`)
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: controller => {
          pulled++
          controller.enqueue(chunk)
          if (pulled > 500) controller.close()
        },
      })
    service.answerApi = () => new Response(endless(), { headers: jsonType })
    const response = await auth.fetch(FILES)
    expect(response.bodyUsed).toBe(false)
    expect(pulled).toBeLessThan(20)
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(4_000_000)
  })

  it('a 200 of JSON without an end does not hold the caller up', async () => {
    const { auth, service } = await openPage()
    const first = new TextEncoder().encode('{"events":[')
    service.answerApi = () =>
      new Response(new ReadableStream({ start: controller => controller.enqueue(first) }), { headers: jsonType })
    const slow = Symbol('slow')
    const winner = await Promise.race([
      auth.fetch(FILES),
      new Promise(resolve => {
        setTimeout(resolve, 1500, slow)
      }),
    ])
    expect(winner).not.toBe(slow)
  })

  it('of the second key too is the caller’s answer or key_rejected, and there is no third try', async () => {
    const service = refusing(() => refusal('KEY_EXPIRED'), 9)
    const { auth } = await openPage(service)
    await auth.fetch(FILES).catch(() => {})
    expect([service.requests.length, service.asked.length]).toEqual([2, 2])
  })

  it('of a hundred at once costs one key request, and all are answered 200', async () => {
    const storage = fakeStorage()
    const service = refusing(() => refusal('KEY_EXPIRED'))
    const { createAuth } = await openPage(service)
    const auth = createAuth({ storage })
    await auth.getKey()
    storage.writes.length = 0
    const responses = await Promise.all(Array.from({ length: 100 }, () => auth.fetch(FILES)))
    expect(responses.every(({ status }) => status === 200)).toBe(true)
    expect(service.requests).toHaveLength(200)
    expect(service.asked).toHaveLength(2)
    expect(storage.writes.length).toBeLessThanOrEqual(3)
  })

  it('of an older key leaves the current one alone', async () => {
    const { auth, service } = await openPage()
    const old = await auth.getKey()
    let answer: (response: Response) => void = () => {}
    service.answerApi = ({ headers }) =>
      headers.get('X-Filerobot-Key') === old.value
        ? new Promise(resolve => (answer = resolve))
        : json({ status: 'success' })
    const pending = auth.fetch(FILES)
    await vi.waitFor(() => expect(service.requests).toHaveLength(1))
    const current = await auth.getKey({ forceRefresh: true })
    answer(refusal('KEY_EXPIRED'))
    expect((await pending).status).toBe(200)
    expect(auth.peek()).toBe(current)
    expect(service.asked).toHaveLength(2)
  })
})

describe('two fresh keys refused, and none accepted (rule 12)', () => {
  it('is key_rejected, says when to come again, and backs off', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2030, 0, 1) })
    const service = refusing(() => refusal('ERR_SASS_INVALID', 401), 99)
    const { auth } = await openPage(service)
    const error = await failureOf(auth.fetch(FILES))
    expect(error).toMatchObject({ code: 'key_rejected', status: 401 })
    expect(error.retryAtMs).toBe(Date.now() + MINUTE_MS)
    await vi.waitFor(() => expect(auth.state).toMatchObject({ status: 'error', error: { code: 'key_rejected' } }))
    for (let count = 0; count < 5; count++) {
      expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'key_rejected' })
    }
    expect([service.asked.length, service.requests.length]).toEqual([2, 2])
  })

  it('backs off longer each time: 60 s, doubling to 15 minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2030, 0, 1) })
    const service = refusing(() => refusal('ERR_SASS_INVALID'), 99)
    const { auth } = await openPage(service)
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      const error = await failureOf(auth.fetch(FILES))
      expect(error).toMatchObject({ code: 'key_rejected', retryAtMs: Date.now() + minutes * MINUTE_MS })
      vi.setSystemTime(Date.now() + minutes * MINUTE_MS)
    }
    expect(service.asked).toHaveLength(7)
  })

  it('does not count a key that came from storage: it was not fresh', async () => {
    const service = refusing(() => refusal('ERR_SASS_INVALID'), 99)
    await (await openPage(service)).auth.getKey()
    const { auth } = await openPage(service)
    expect((await auth.fetch(FILES)).status).toBe(403)
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'key_rejected' })
  })

  it('is forgotten when a key is accepted', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2030, 0, 1) })
    const service = refusing(() => refusal('ERR_SASS_INVALID'), 2)
    const { auth } = await openPage(service)
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'key_rejected' })
    vi.setSystemTime(Date.now() + MINUTE_MS)
    expect((await auth.fetch(FILES)).status).toBe(200)
    expect(auth.state).toMatchObject({ status: 'ready' })
    service.answerApi = ({ headers }) =>
      headers.get('X-Filerobot-Key') === service.given[2] ? refusal('KEY_EXPIRED') : json({ status: 'success' })
    expect((await auth.fetch(FILES)).status).toBe(200)
  })
})

const jsonType = { 'Content-Type': 'application/json' }
