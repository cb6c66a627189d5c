import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthState } from '../../src/index.ts'
import { happen } from './fake-browser.ts'
import { failureOf, fakeLocks, fakeService, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, START_MS, settle, watch } from './time.ts'

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
})
afterEach(tidyUp)

type Service = ReturnType<typeof fakeService>
const startsOf = ({ asked }: Service) => asked.map(({ atMs }) => atMs - START_MS)
const down = () => new Response('', { status: 503 })
const tooMany = (retryAfter: string) => () => new Response('', { status: 429, headers: { 'Retry-After': retryAfter } })

/** An auth with nothing left of its five starts until START_MS + 60 s, and no key; its events and its states. */
async function spent(maxWaitMs?: number) {
  const { watchedAuth, service } = await openPage()
  const watched = watchedAuth({ maxWaitMs })
  const { auth } = watched
  for (let count = 0; count < 5; count++) {
    await auth.clear()
    await auth.getKey()
  }
  await auth.clear()
  watched.events.length = 0
  return { ...watched, service }
}

describe('who meets the limit (rule 3)', () => {
  it.each([0, 14_999])('45 s after it was used up is rejected at once, with maxWaitMs %i', async maxWaitMs => {
    const { auth, service } = await spent()
    await passTime(45_000)
    const error = await failureOf(auth.getKey({ maxWaitMs }))
    expect(error).toMatchObject({ code: 'rate_limited', retryAtMs: START_MS + MINUTE_MS })
    await passTime(15_000)
    expect(service.asked).toHaveLength(5)
  })

  it.each([15_000, 60_000])('45 s after it was used up gets his key at its end, with maxWaitMs %i', async maxWaitMs => {
    const { auth, service } = await spent()
    await passTime(45_000)
    const caller = watch(auth.getKey({ maxWaitMs }))
    await passTime(14_999)
    expect(caller).toEqual({})
    await passTime(1)
    expect(caller).toMatchObject({ value: auth.peek(), atMs: START_MS + MINUTE_MS })
    expect(service.asked).toHaveLength(6)
  })

  it('waits 15 s where neither he nor the options say how long', async () => {
    const { auth } = await spent()
    await passTime(44_999)
    expect(await failureOf(auth.getKey())).toMatchObject({ code: 'rate_limited' })
    await passTime(1)
    const caller = watch(auth.getKey())
    await passTime(15_000)
    expect(caller.value).toBe(auth.peek())
  })

  it('waits as long as the option says', async () => {
    const { auth, service } = await spent(MINUTE_MS)
    const caller = watch(auth.getKey())
    await passTime(MINUTE_MS)
    expect(caller.value?.value).toBe(service.given[5])
  })

  it('decides for himself: one waits, the other does not, and one request serves both who wait', async () => {
    const { auth, service } = await spent()
    const [hasty, patient, morePatient] = [0, MINUTE_MS, 2 * MINUTE_MS].map(maxWaitMs =>
      watch(auth.getKey({ maxWaitMs })),
    )
    await settle()
    expect(hasty?.error).toMatchObject({ code: 'rate_limited' })
    expect([patient, morePatient]).toEqual([{}, {}])
    await passTime(MINUTE_MS)
    expect(patient?.value).toBe(auth.peek())
    expect(morePatient?.value).toBe(auth.peek())
    expect(service.asked).toHaveLength(6)
  })

  it('sees loading and retryAtMs while somebody waits, and error and retryAtMs when nobody does', async () => {
    const { auth } = await spent()
    const retryAtMs = START_MS + MINUTE_MS
    const error = await failureOf(auth.getKey({ maxWaitMs: 0 }))
    expect(auth.state).toEqual({ status: 'error', error, retryAtMs, storage: 'indexeddb' })
    const caller = watch(auth.getKey({ maxWaitMs: MINUTE_MS }))
    await settle()
    expect(auth.state).toEqual({ status: 'loading', retryAtMs, storage: 'indexeddb' })
    await passTime(MINUTE_MS)
    expect(auth.state).toEqual({ status: 'ready', key: caller.value, storage: 'indexeddb' })
  })

  it('is told of by one event, and by one failure', async () => {
    const { auth, events } = await spent()
    for (let count = 0; count < 3; count++) watch(auth.getKey({ maxWaitMs: MINUTE_MS }))
    await settle()
    const untilMs = START_MS + MINUTE_MS
    expect(events).toMatchObject([
      { type: 'failure', error: { code: 'rate_limited' }, retryAtMs: untilMs },
      { type: 'wait', untilMs },
    ])
  })

  it.each([0, 0.5, 0.999])('never shows an error to a listener while somebody waits: jitter of %d', async random => {
    vi.spyOn(Math, 'random').mockReturnValue(random)
    const { createAuth, service } = await openPage()
    service.answerKey = down
    const auth = createAuth({ storage: fakeStorage() })
    const seen: AuthState[] = []
    auth.subscribe(state => seen.push(state))
    const caller = watch(auth.getKey({ maxWaitMs: 2 * MINUTE_MS }))
    await passTime(20_000)
    service.answerKey = () => service.give('SASS_back_again')
    await passTime(MINUTE_MS)
    expect(caller.value?.value).toBe('SASS_back_again')
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['loading', 'ready']))
  })
})

describe('a block by the service', () => {
  it('of a length within maxWaitMs is waited out (rule 3)', async () => {
    const { auth, service } = await openPage()
    const { answerKey } = service
    service.answerKey = tooMany('12')
    const caller = watch(auth.getKey())
    await passTime(0)
    service.answerKey = answerKey
    await passTime(11_999)
    expect(caller).toEqual({})
    await passTime(1)
    expect(caller.value?.value).toBe(service.given[0])
    expect(startsOf(service)).toEqual([0, 12_000])
  })

  it('that follows on a block rejects as soon as it would take too long (rule 3)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { auth, service } = await openPage()
    service.answerKey = tooMany('10')
    const caller = watch(auth.getKey())
    await passTime(MINUTE_MS)
    expect(caller).toMatchObject({
      error: { code: 'rate_limited', status: 429, retryAtMs: START_MS + 20_000 },
      atMs: START_MS + 10_000,
    })
    expect(startsOf(service)).toEqual([0, 10_000])
  })

  it.each(['clear', 'reload', 'another user'])('is still there after %s (rule 3)', async how => {
    const service = fakeService()
    const page = await openPage(service)
    service.answerKey = tooMany('600')
    await failureOf(page.auth.getKey())
    if (how === 'clear') await page.auth.clear()
    const auth =
      how === 'clear'
        ? page.auth
        : how === 'reload'
          ? (await openPage(service)).auth
          : page.createAuth({ cacheScope: 'berta' })
    await passTime(599_999)
    for (const forceRefresh of [false, true]) {
      expect(await failureOf(auth.getKey({ maxWaitMs: 0, forceRefresh }))).toMatchObject({
        code: 'rate_limited',
        retryAtMs: START_MS + 600_000,
      })
    }
    expect(service.asked).toHaveLength(1)
    service.answerKey = () => service.give('SASS_after_it')
    await passTime(1)
    expect((await auth.getKey({ maxWaitMs: 0 })).value).toBe('SASS_after_it')
  })
})

describe('who waits (rules 3 and 4)', () => {
  it.each<[string, () => void]>([
    ['online', () => happen('online')],
    ['pageshow', () => happen('pageshow')],
    ['visibilitychange', () => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))],
  ])('for the network goes on at once at %s (rule 10)', async (_, act) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const locks = fakeLocks()
    stubBrowser({ locks, onLine: false })
    const { auth, service } = await openPage()
    const caller = watch(auth.getKey({ maxWaitMs: 10 * MINUTE_MS }))
    // Long enough that the next attempt would be half a minute away.
    await passTime(35_000)
    expect(service.asked).toHaveLength(0)
    stubBrowser({ locks })
    act()
    await settle()
    expect(caller).toMatchObject({ value: auth.peek(), atMs: START_MS + 35_000 })
    expect(service.asked).toHaveLength(1)
  })

  it('for a limit does not go on at online: that has nothing to do with it', async () => {
    const { auth, service } = await spent()
    const caller = watch(auth.getKey({ maxWaitMs: MINUTE_MS }))
    await settle()
    happen('online')
    await settle()
    expect(caller).toEqual({})
    expect(service.asked).toHaveLength(5)
  })

  it.each([
    ['server', () => new Response('', { status: 503 })],
    ['malformed_response', () => new Response('<p>Sign in</p>')],
    ['template_rejected', () => new Response('', { status: 404 })],
  ])('for another reason than the network does not go on at online, either: %s', async (code, answer) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const { auth, service } = await openPage()
    service.answerKey = answer
    watch(auth.getKey({ maxWaitMs: MINUTE_MS }))
    await settle()
    happen('online')
    await settle()
    expect(await failureOf(auth.getKey({ maxWaitMs: 0 }))).toMatchObject({ code })
    expect(service.asked).toHaveLength(1)
  })

  it('goes on with the key that another tab has got meanwhile', async () => {
    const service = fakeService()
    const [one, other] = [await openPage(service), await openPage(service)]
    service.answerKey = down
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const caller = watch(one.auth.getKey({ maxWaitMs: MINUTE_MS }))
    await passTime(500)
    expect(caller).toEqual({})
    service.answerKey = () => service.give('SASS_of_another_tab')
    await other.auth.getKey()
    // Told by the channel, or at the next attempt.
    await passTime(500)
    expect(caller.value?.value).toBe('SASS_of_another_tab')
    expect(service.asked).toHaveLength(2)
  })
})
