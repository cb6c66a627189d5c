import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Auth } from '../../src/index.ts'
import { mostInAMinute } from './fake-machine.ts'
import { failureOf, fakeLocks, fakeService, json, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, START_MS, settle, watch } from './time.ts'

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
})
afterEach(tidyUp)

type Service = ReturnType<typeof fakeService>
const startsOf = ({ asked }: Service) => asked.map(({ atMs }) => atMs - START_MS)

/** What a service may be made to answer. */
const moods: Record<string, (service: Service) => Response | Promise<Response>> = {
  well: service => service.give(`SASS_key_${service.given.length}_of_a_good_mood`),
  'with a key of 31 s': service =>
    service.give(`SASS_key_${service.given.length}_of_31_s`, { key_validity: { expire_duration: 31 } }),
  'with a key of 5 s': service =>
    service.give(`SASS_key_${service.given.length}_of_5_s`, { key_validity: { expire_duration: 5 } }),
  'with the same key again': service => service.give('SASS_the_same_again'),
  503: () => new Response('', { status: 503 }),
  'that it is too much': () => new Response('', { status: 429, headers: { 'Retry-After': '3' } }),
  403: () => json({ status: 'error', code: 'FORBIDDEN' }, 403),
  'with HTML': () => new Response('<p>Sign in</p>'),
  nothing: () => Promise.reject(new TypeError('fetch failed')),
}

describe('five starts in any 60 s, for all tabs of a profile (rule 3)', () => {
  const callers = { maxWaitMs: fc.constantFrom(0, 5000, 15_000, 10 * MINUTE_MS), forceRefresh: fc.boolean() }
  const page = fc.nat(2)
  const step = fc.oneof(
    fc.record({ do: fc.constant('get' as const), page, ...callers, minValidityMs: fc.constantFrom(0, 3_600_000) }),
    fc.record({ do: fc.constantFrom('clear' as const, 'invalidate', 'subscribe', 'reload', 'another user'), page }),
    fc.record({ do: fc.constant('mood' as const), page, mood: fc.constantFrom(...Object.keys(moods)) }),
    fc.record({ do: fc.constant('pass' as const), page, ms: fc.constantFrom(1, 900, 5000, 20_000, 59_999) }),
  )

  it.each(['with locks', 'without'])(
    'whatever tabs, reloads, renewals, errors and callers do: %s',
    async how => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async steps => {
          freezeTime()
          stubBrowser(how === 'with locks' ? { locks: fakeLocks() } : {})
          const service = fakeService()
          service.answerKey = () => moods.well!(service)
          const pages = [await openPage(service), await openPage(service), await openPage(service)]
          const auths: Auth[] = pages.map(({ auth }) => auth)
          for (const step of steps) {
            const auth = auths[step.page]!
            if (step.do === 'get') watch(auth.getKey(step))
            else if (step.do === 'clear') void auth.clear()
            else if (step.do === 'invalidate') void (auth.peek() && auth.invalidate(auth.peek()!))
            else if (step.do === 'subscribe') auth.subscribe(() => {})
            else if (step.do === 'mood') service.answerKey = () => moods[step.mood]!(service)
            else if (step.do === 'pass') await passTime(step.ms)
            else {
              auth.dispose()
              const isReload = step.do === 'reload'
              if (isReload) pages[step.page] = await openPage(service)
              const cacheScope = isReload ? undefined : `user ${service.asked.length}`
              watch((auths[step.page] = pages[step.page]!.createAuth({ cacheScope })).getKey())
            }
            await settle()
          }
          await passTime(2 * MINUTE_MS)
          expect(mostInAMinute(startsOf(service))).toBeLessThanOrEqual(5)
          tidyUp()
        }),
        { numRuns: 25 },
      )
    },
    60_000,
  )

  it('six users of a template at once: the sixth waits until there is room', async () => {
    const service = fakeService()
    const outcomes = []
    for (let user = 0; user < 6; user++) {
      const { createAuth } = await openPage(service)
      outcomes.push(watch(createAuth({ cacheScope: `user ${user}`, maxWaitMs: MINUTE_MS }).getKey()))
    }
    await passTime(MINUTE_MS - 1)
    expect(service.asked).toHaveLength(5)
    await passTime(1)
    expect(startsOf(service)).toEqual([0, 0, 0, 0, 0, MINUTE_MS])
    expect(new Set(outcomes.map(({ value }) => value?.value))).toEqual(new Set(service.given))
  })

  it('a service that fails for ten minutes is asked no more than five times in any of them', async () => {
    const { createAuth, service } = await openPage()
    service.answerKey = moods[503] as () => Response
    const auth = createAuth({ maxWaitMs: 10 * MINUTE_MS })
    auth.subscribe(() => {})
    const outcomes = [watch(auth.getKey()), watch(auth.getKey({ forceRefresh: true }))]
    await passTime(10 * MINUTE_MS)
    expect(mostInAMinute(startsOf(service))).toBeLessThanOrEqual(5)
    // It is not left alone either.
    expect(service.asked.length).toBeGreaterThan(10)
    service.answerKey = () => moods.well!(service)
    await passTime(MINUTE_MS)
    for (const { value, error } of outcomes) expect(value ?? error).toBeDefined()
    expect(auth.state.status).toBe('ready')
  })

  it('a page that is loaded over and over, and signs out each time, has five', async () => {
    const service = fakeService()
    const codes = []
    for (let load = 0; load < 9; load++) {
      const { auth } = await openPage(service)
      codes.push(
        await auth.getKey({ maxWaitMs: 0 }).then(
          () => 'key',
          ({ code }) => code as string,
        ),
      )
      await auth.clear()
      auth.dispose()
      await passTime(1000)
    }
    expect(codes).toEqual([...Array<string>(5).fill('key'), ...Array<string>(4).fill('rate_limited')])
  })

  it('tabs that renew keys of 31 s for five users stay within it', async () => {
    const service = fakeService()
    service.answerKey = () => moods['with a key of 31 s']!(service)
    for (let user = 0; user < 5; user++) {
      ;(await openPage(service)).createAuth({ cacheScope: `user ${user}` }).subscribe(() => {})
      await passTime(1000)
    }
    await passTime(5 * MINUTE_MS)
    expect(mostInAMinute(startsOf(service))).toBeLessThanOrEqual(5)
    expect(service.asked.length).toBeGreaterThan(15)
  })
})

describe('timers (rule 3)', () => {
  /** A page whose timer has used up what it may, on a service that is down: three starts, 5 s apart. */
  async function usedUp() {
    const page = await openPage()
    page.service.answerKey = moods[503] as () => Response
    const { auth } = page
    auth.subscribe(() => {})
    await passTime(50_000)
    return { ...page, auth }
  }

  it('leave two of five to callers', async () => {
    const { auth, service } = await usedUp()
    expect(service.asked).toHaveLength(3)
    const { answerKey } = service
    service.answerKey = () => moods.well!(service)
    await auth.getKey({ maxWaitMs: 0 })
    await passTime(1000)
    await auth.getKey({ maxWaitMs: 0, forceRefresh: true })
    expect(service.asked).toHaveLength(5)
    service.answerKey = answerKey
    expect(await failureOf(auth.getKey({ maxWaitMs: 0, forceRefresh: true }))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(5)
  })

  it('go on when there is room for them again', async () => {
    const { auth, service } = await usedUp()
    service.answerKey = () => moods.well!(service)
    await passTime(20_000)
    expect(auth.state.status).toBe('ready')
    expect(startsOf(service)[3]).toBeGreaterThanOrEqual(MINUTE_MS)
  })

  it('have one at least, where there are no more than two', async () => {
    const { createAuth, service } = await openPage()
    service.answerKey = () => moods['with a key of 31 s']!(service)
    createAuth({ maxKeyRequestsPerMinute: 1, cacheScope: 'one' }).subscribe(() => {})
    await passTime(MINUTE_MS)
    expect(service.asked).toHaveLength(2)
    expect(mostInAMinute(startsOf(service))).toBe(1)
  })

  it('have one, where there are two: it is theirs when the newest start is a minute old', async () => {
    const { createAuth, service } = await openPage()
    service.answerKey = () => moods['with a key of 31 s']!(service)
    const auth = createAuth({ maxKeyRequestsPerMinute: 2, cacheScope: 'two' })
    auth.subscribe(() => {})
    await passTime(10_000)
    await auth.getKey({ forceRefresh: true })
    // Its key is over after 41 s.
    await passTime(40_000)
    expect(auth.state).toMatchObject({ status: 'error', retryAtMs: START_MS + 70_000 })
    await passTime(29_999)
    expect(startsOf(service)).toEqual([0, 10_000, 70_000])
  })

  it('that were refused try again when it is time, however many subscribe meanwhile', async () => {
    const { watchedAuth, service } = await openPage()
    service.answerKey = moods[503] as () => Response
    const { auth, types } = watchedAuth()
    auth.subscribe(() => {})
    await passTime(50_000)
    const told = types().length
    for (let count = 0; count < 3; count++) {
      auth.subscribe(() => {})
      await passTime(1000)
    }
    expect(types()).toHaveLength(told)
    expect(service.asked).toHaveLength(3)
  })

  it('are refused by the service for callers as well: the same error, and its status', async () => {
    const { auth, service } = await openPage()
    await auth.getKey()
    auth.subscribe(() => {})
    service.answerKey = () => new Response('', { status: 429 })
    await passTime(20 * MINUTE_MS)
    const { error } = auth.state
    expect(error).toMatchObject({ code: 'rate_limited', status: 429 })
    expect(await failureOf(auth.getKey({ maxWaitMs: 0 }))).toBe(error)
  })
})
