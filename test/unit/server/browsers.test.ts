// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuthEvent } from '../../../src/index.ts'
import { failureOf, fakeService, json, MINUTE_MS, newKey, openPage, refusal, tidyUp, timedKey } from '../fakes.ts'
import { freezeTime, passTime, START_MS, watch } from '../time.ts'
import { ENDPOINT, openEndpoint } from './endpoint.ts'

beforeEach(freezeTime)
afterEach(tidyUp)

type Endpoint = Awaited<ReturnType<typeof openEndpoint>>

/** A visitor's page that has its key from the endpoint. */
async function visit({ fetch }: Pick<Endpoint, 'fetch'>) {
  const { createAuth } = await openPage()
  const events: AuthEvent[] = []
  const auth = createAuth({
    keyUrl: ENDPOINT,
    templateId: undefined,
    storage: 'memory',
    maxWaitMs: 0,
    fetch,
    onEvent: event => events.push(event),
  })
  return { auth, events, failures: () => events.filter(({ type }) => type === 'failure') }
}

describe('browsers that have their key from an endpoint', () => {
  it('use the same one, and it ends for none of them later than at the service', async () => {
    const endpoint = await openEndpoint()
    const first = (await (await visit(endpoint)).auth.getKey()).value
    await passTime(4 * MINUTE_MS + 321)
    const { auth } = await visit(endpoint)
    expect((await auth.getKey()).value).toBe(first)
    expect(auth.peek()!.expiresAtMs).toBeGreaterThan(START_MS + 20 * MINUTE_MS - 1000)
    expect(auth.peek()!.expiresAtMs).toBeLessThanOrEqual(START_MS + 20 * MINUTE_MS)
    expect(endpoint.service.asked).toHaveLength(1)
  })

  it('count by what is left of a key that says when it began, also when it began long ago', async () => {
    const service = fakeService()
    // A key that can be read, with its start by the service's clock, which is an hour fast.
    service.answerKey = () => service.give(timedKey(Date.now() + 60 * MINUTE_MS, 1200))
    const endpoint = await openEndpoint({}, service)
    await (await visit(endpoint)).auth.getKey()
    await passTime(9 * MINUTE_MS)
    const { auth } = await visit(endpoint)
    expect((await auth.getKey()).expiresAtMs).toBe(START_MS + 20 * MINUTE_MS)
  })

  it.each([120, 1200])(
    'come at any time, stay, and always get a newer key for one that is nearly over: lives of %i s',
    async lifeSeconds => {
      const service = fakeService()
      service.answerKey = () => service.give(newKey(), { key_validity: { expire_duration: lifeSeconds } })
      const endpoint = await openEndpoint({}, service)
      const visitors = []
      for (let n = 0; n < 6; n++) {
        const visitor = await visit(endpoint)
        visitor.auth.subscribe(() => {})
        visitors.push(visitor)
        await passTime((lifeSeconds * 1000) / 3.7)
      }
      const lives = 3
      await passTime(lives * lifeSeconds * 1000)
      for (const { auth, events, failures } of visitors) {
        expect(failures()).toEqual([])
        expect(auth.state.status).toBe('ready')
        const ends = events.flatMap(event => (event.type === 'key' ? [event.expiresAtMs] : []))
        expect(ends.length).toBeGreaterThan(lives)
        // Each key was there before the one before it was over.
        const cameAtMs = events.flatMap(({ type, atMs }) => (type === 'key' ? [atMs] : []))
        expect(cameAtMs.filter((atMs, n) => n > 0 && atMs >= ends[n - 1]!)).toEqual([])
      }
      const elapsedLives = (Date.now() - START_MS) / 1000 / lifeSeconds
      expect(service.asked.length).toBeLessThanOrEqual(2 * elapsedLives + 1)
    },
  )

  it.each<[string, (service: ReturnType<typeof fakeService>) => void, object]>([
    [
      'the limit, with the time that the service told',
      service => (service.answerKey = () => json({}, 429, { 'Retry-After': '42' })),
      { code: 'rate_limited', status: 429, retryAtMs: START_MS + 42_000 },
    ],
    [
      'a template that is refused',
      service => (service.answerKey = () => refusal('SECURITY_TEMPLATE_NOT_FOUND', 403)),
      { code: 'template_rejected', status: 404 },
    ],
    ['a service in trouble', service => (service.answerKey = () => json({}, 503)), { code: 'server', status: 502 }],
    [
      'a service that cannot be reached',
      service => (service.answerKey = () => Promise.reject(new TypeError())),
      { code: 'server', status: 502 },
    ],
    [
      'an answer that is no key',
      service => (service.answerKey = () => json({ status: 'success', key: 'PASS_word' })),
      { code: 'server', status: 502 },
    ],
  ])('are told of %s', async (_, prepare, expected) => {
    const endpoint = await openEndpoint()
    prepare(endpoint.service)
    const { auth } = await visit(endpoint)
    expect(await failureOf(auth.getKey())).toMatchObject(expected)
  })

  it('are told of a service that does not answer before they give up themselves', async () => {
    const endpoint = await openEndpoint()
    endpoint.service.answerKey = () => new Promise<Response>(() => {})
    const { auth } = await visit(endpoint)
    const outcome = watch(auth.getKey())
    await passTime(8000)
    expect(outcome.error).toMatchObject({ code: 'server', status: 504 })
  })

  it('hear that they may not have a key, also when they had one a moment ago, and get one after signing in', async () => {
    let isSignedIn = true
    const endpoint = await openEndpoint({ authorize: () => isSignedIn })
    const { auth } = await visit(endpoint)
    await auth.getKey()
    isSignedIn = false
    expect(await failureOf(auth.getKey({ forceRefresh: true }))).toMatchObject({
      code: 'template_rejected',
      status: 401,
    })
    await auth.clear()
    expect(await failureOf(auth.getKey())).toMatchObject({ code: 'template_rejected', status: 401 })
    isSignedIn = true
    expect((await auth.getKey({ forceRefresh: true })).value).toBe(endpoint.service.given[0])
  })
})
