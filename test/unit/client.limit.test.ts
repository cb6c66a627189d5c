import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/index.ts'
import { failureOf, fakeLocks, fakeService, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'

const START_MS = Date.UTC(2030, 0, 1)

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: START_MS })
})
afterEach(tidyUp)

const now = { maxWaitMs: 0 }
const forced = { forceRefresh: true, maxWaitMs: 0 }

/** Each asks once for a new key, a millisecond apart: a key that was begun in that of the call would do. */
async function askInTurn(...auths: Auth[]): Promise<void> {
  for (const auth of auths) {
    await auth.getKey(forced)
    vi.setSystemTime(Date.now() + 1)
  }
}
const fiveTimes = (auth: Auth) => askInTurn(...Array<Auth>(5).fill(auth))

describe('five starts a minute (rule 3)', () => {
  it('the sixth is rate_limited at once, and says when there is room', async () => {
    const { auth, service } = await openPage()
    for (let count = 0; count < 5; count++) {
      vi.setSystemTime(START_MS + count * 1000)
      await auth.getKey(forced)
    }
    const error = await failureOf(auth.getKey(forced))
    expect(error).toMatchObject({ code: 'rate_limited', retryAtMs: START_MS + MINUTE_MS })
    expect(error.status).toBeUndefined()
    expect(service.asked).toHaveLength(5)
  })

  it('another start has room when the first is 60 s old', async () => {
    const { auth, service } = await openPage()
    await fiveTimes(auth)
    vi.setSystemTime(START_MS + MINUTE_MS - 1)
    expect(await failureOf(auth.getKey(forced))).toMatchObject({ code: 'rate_limited' })
    vi.setSystemTime(START_MS + MINUTE_MS)
    await auth.getKey(forced)
    expect(service.asked).toHaveLength(6)
  })

  it('a good key stays in use while there is no room for another', async () => {
    const { auth, service } = await openPage()
    for (let count = 0; count < 5; count++) {
      vi.setSystemTime(START_MS + count * 1000)
      await auth.getKey(forced)
    }
    await failureOf(auth.getKey(forced))
    expect((await auth.getKey(now)).value).toBe(service.given[4])
    expect(auth.state).toMatchObject({ status: 'ready' })
  })

  it('counts requests that failed', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => new Response('', { status: 200 })
    const codes = []
    for (let count = 0; count < 6; count++) {
      const { code, retryAtMs } = await failureOf(auth.getKey(now))
      codes.push(code)
      // The back-off of five failures is over within half a minute.
      vi.setSystemTime(retryAtMs!)
    }
    expect(codes).toEqual([...Array<string>(5).fill('malformed_response'), 'rate_limited'])
    expect(service.asked).toHaveLength(5)
  })

  it('counts across tabs and page loads', async () => {
    const service = fakeService()
    for (let page = 0; page < 5; page++) await askInTurn((await openPage(service)).auth)
    const { auth } = await openPage(service)
    expect(await failureOf(auth.getKey(forced))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(5)
  })

  it('counts across cache scopes', async () => {
    const { createAuth, service } = await openPage()
    for (let user = 0; user < 5; user++) await createAuth({ cacheScope: `user ${user}` }).getKey(now)
    expect(await failureOf(createAuth({ cacheScope: 'user 5' }).getKey(now))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(5)
  })

  it('survives clear', async () => {
    const { auth, service } = await openPage()
    for (let count = 0; count < 5; count++) {
      await auth.getKey(now)
      await auth.clear()
    }
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(5)
  })

  it('counts in the page where there is no storage', async () => {
    const { createAuth, service } = await openPage()
    for (let user = 0; user < 5; user++) {
      await createAuth({ storage: 'memory', cacheScope: `user ${user}` }).getKey(now)
    }
    const sixth = createAuth({ storage: 'memory', cacheScope: 'user 5' })
    expect(await failureOf(sixth.getKey(now))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(5)
  })

  it('counts in the page where storage does not work', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const { auth, service } = await openPage()
    service.answerKey = () => new Response('', { status: 503 })
    // The back-off of five failures is over within half a minute.
    for (let count = 0; count < 5; count++) {
      vi.setSystemTime((await failureOf(auth.getKey(now))).retryAtMs!)
    }
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(5)
  })

  it('another template has five of its own', async () => {
    const { createAuth, auth, service } = await openPage()
    await fiveTimes(auth)
    await createAuth({ templateId: `SECU_${'a'.repeat(32)}` }).getKey(now)
    expect(service.asked).toHaveLength(6)
  })

  it('can be another number', async () => {
    const { createAuth, service } = await openPage()
    const auth = createAuth({ maxKeyRequestsPerMinute: 1, cacheScope: 'one' })
    await auth.getKey(now)
    expect(await failureOf(auth.getKey(forced))).toMatchObject({ retryAtMs: START_MS + MINUTE_MS })
    expect(service.asked).toHaveLength(1)
  })

  it('starts in the future, from a clock that was put back, are not counted (rule 8)', async () => {
    const service = fakeService()
    const { auth } = await openPage(service)
    await fiveTimes(auth)
    vi.setSystemTime(START_MS - 24 * 60 * MINUTE_MS)
    const later = await openPage(service)
    await later.auth.getKey(now)
    await later.auth.getKey(now)
    expect(service.asked).toHaveLength(6)
  })

  it('keeps what a later release has added to the record', async () => {
    const storage = fakeStorage()
    const { createAuth } = await openPage()
    const auth = createAuth({ storage })
    await auth.getKey(now)
    const id = [...storage.content.keys()].find(name => name.startsWith('starts')) ?? ''
    storage.content.set(id, { ...(storage.content.get(id) as object), added: 'later' })
    await auth.getKey(forced)
    expect(storage.content.get(id)).toMatchObject({ added: 'later' })
  })
})

describe('a stored record of starts of any shape (rule 3)', () => {
  const badRecords: unknown[] = [
    null,
    7,
    'starts',
    [],
    { starts: 'many', blockedUntilMs: 'long', openBy: {} },
    { starts: null, blockedUntilMs: null, openBy: null },
    { starts: { length: 9 }, blockedUntilMs: Number.NaN },
    { starts: Array<unknown>(9).fill(Number.NaN) },
    { starts: Array<unknown>(9).fill(null) },
    { starts: Array<unknown>(9).fill(String(START_MS)) },
    { starts: Array.from({ length: 9 }, () => [START_MS]) },
    { starts: Array.from({ length: 9 }, () => ({})) },
    { starts: Array<unknown>(9).fill(START_MS + 60_000) },
    { starts: Array<unknown>(9).fill(-1) },
    { blockedUntilMs: START_MS + 60 * MINUTE_MS },
    { blockedUntilMs: Number.POSITIVE_INFINITY },
    { blockedUntilMs: String(START_MS + 1000) },
    { openBy: {}, starts: [START_MS + 60_000] },
    { openBy: Number.NaN, starts: null },
    Object.create(null),
  ]
  it.each(badRecords.map(record => [record]))('stops nobody: %j (rule 8)', async record => {
    stubBrowser()
    const storage = fakeStorage()
    const service = fakeService()
    await (await openPage(service)).createAuth({ storage }).getKey(now)
    const id = [...storage.content.keys()].find(name => name.startsWith('starts')) ?? ''
    expect(id).not.toBe('')
    const { createAuth } = await openPage(service)
    const auth = createAuth({ storage: fakeStorage(new Map([[id, record]])) })
    expect((await auth.getKey(now)).value).toBe(service.given[1])
  })
})
