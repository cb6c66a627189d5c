import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, fakeLocks, fakeService, json, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, START_MS } from './time.ts'

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
})
afterEach(tidyUp)

const now = { maxWaitMs: 0 }
const refused = (header?: string) => () =>
  new Response('', { status: 429, headers: header === undefined ? {} : { 'Retry-After': header } })

describe('what counts as too many requests (rule 3)', () => {
  it.each<[string, () => Response]>([
    ['429 without a body', () => new Response('', { status: 429 })],
    ['429 with a body', () => json({ status: 'error', code: 'NOPE' }, 429)],
    ['429 that calls itself a success', () => json({ status: 'success', key: 'SASS_not_a_key' }, 429)],
    ['403 whose code speaks of a limit', () => json({ status: 'error', code: 'RATE_LIMIT_EXCEEDED' }, 403)],
    ['400 whose message speaks of a limit', () => json({ status: 'error', msg: 'Too many requests' }, 400)],
    ['200 whose hint speaks of a limit', () => json({ status: 'error', code: 'X', hint: 'Limit: 5 a minute' }, 200)],
    ['401 whose code speaks of it, without a status', () => json({ code: 'TOO_MANY_KEYS', msg: 'exceeded' }, 401)],
    ['418 whose message speaks of a limit', () => json({ msg: 'key LIMIT reached' }, 418)],
  ])('%s: rate_limited, for 60 s', async (_, answer) => {
    const { auth, service } = await openPage()
    service.answerKey = answer
    const { status } = answer()
    expect(await failureOf(auth.getKey(now))).toMatchObject({
      code: 'rate_limited',
      status,
      retryAtMs: START_MS + MINUTE_MS,
    })
    await passTime(MINUTE_MS - 1)
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(1)
    await passTime(1)
    service.answerKey = () => service.give('SASS_after_the_block')
    expect((await auth.getKey(now)).value).toBe('SASS_after_the_block')
  })

  it.each<[string, () => Response]>([
    ['other words of a 404', () => json({ status: 'error', code: 'NOT_FOUND', msg: 'No such template' }, 404)],
    ['the word in another field', () => json({ status: 'error', reason: 'limit', data: { code: 'LIMIT' } }, 400)],
    ['words that are no text', () => json({ status: 'error', code: ['x'], msg: { text: 'limit' }, hint: 7 }, 400)],
    ['the word in a body that is no JSON', () => new Response('too many requests', { status: 400 })],
  ])('not %s: that is template_rejected', async (_, answer) => {
    const { auth, service } = await openPage()
    service.answerKey = answer
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'template_rejected' })
  })

  it('not the word in a success', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => service.give('SASS_with_words', { msg: 'limit of 5 exceeded', hint: 'too many' })
    expect((await auth.getKey(now)).value).toBe('SASS_with_words')
  })

  it('not the word in a 5xx, but where that has status "error", too', async () => {
    const { auth, createAuth, service } = await openPage()
    service.answerKey = () => json({ msg: 'Memory limit exceeded' }, 500)
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'server', status: 500 })
    service.answerKey = () => json({ status: 'error', msg: 'Key limit exceeded' }, 500)
    const other = createAuth({ token: 'other' })
    expect(await failureOf(other.getKey(now))).toMatchObject({ code: 'rate_limited', status: 500 })
  })
})

describe('Retry-After (rule 3)', () => {
  const date = (fromNowMs: number) => new Date(START_MS + fromNowMs).toUTCString()
  const headers: [string | undefined, number][] = [
    ['1', 1000],
    ['7', 7000],
    [' 42 ', 42_000],
    ['899', 899_000],
    ['900', 15 * MINUTE_MS],
    ['901', 15 * MINUTE_MS],
    ['86400', 15 * MINUTE_MS],
    ['9'.repeat(400), 15 * MINUTE_MS],
    [date(9000), 9000],
    [date(14 * MINUTE_MS), 14 * MINUTE_MS],
    [date(365 * 24 * 60 * MINUTE_MS), 15 * MINUTE_MS],
    [date(0), MINUTE_MS],
    [date(-60_000), MINUTE_MS],
    ['0', MINUTE_MS],
    ['-5', MINUTE_MS],
    ['', MINUTE_MS],
    ['soon', MINUTE_MS],
    ['7 seconds', MINUTE_MS],
    ['NaN', MINUTE_MS],
    [undefined, MINUTE_MS],
  ]
  it.each(headers)('%s: for this page %i ms, and for the next one', async (header, waitMs) => {
    const service = fakeService()
    const { auth } = await openPage(service)
    service.answerKey = refused(header)
    const retryAtMs = START_MS + waitMs
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'rate_limited', status: 429, retryAtMs })
    const next = await openPage(service)
    await passTime(waitMs - 1)
    expect(await failureOf(next.auth.getKey(now))).toMatchObject({ code: 'rate_limited', retryAtMs })
    expect(service.asked).toHaveLength(1)
    service.answerKey = () => service.give('SASS_after_the_block')
    await passTime(1)
    expect((await next.auth.getKey(now)).value).toBe('SASS_after_the_block')
    expect((await auth.getKey(now)).value).toBe('SASS_after_the_block')
  })

  it('of any text blocks for more than nothing and no more than 15 minutes', async () => {
    const { createAuth, service } = await openPage()
    const text = fc.oneof(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.integer().map(String),
      fc.date({ noInvalidDate: true }).map(String),
      fc.date({ noInvalidDate: true }).map(when => when.toUTCString()),
      fc.nat().map(number => `${number}e${number % 9}`),
    )
    let count = 0
    await fc.assert(
      fc.asyncProperty(text, async header => {
        service.answerKey = refused(header.trim())
        // Another key URL each time, so that no block stands in the way.
        const auth = createAuth({ token: `t${count++}` })
        const { code, retryAtMs = 0 } = await failureOf(auth.getKey(now))
        expect(code).toBe('rate_limited')
        expect(retryAtMs).toBeGreaterThan(START_MS)
        expect(retryAtMs).toBeLessThanOrEqual(START_MS + 15 * MINUTE_MS)
        auth.dispose()
      }),
      { numRuns: 150 },
    )
  })
})

describe('a refusal that follows on refusals (rule 3)', () => {
  /** For how long each of so many blocks. */
  async function blocksInARow(count: number, header?: string): Promise<number[]> {
    const { auth, service } = await openPage()
    service.answerKey = refused(header)
    const blocks = []
    for (let number = 0; number < count; number++) {
      const { retryAtMs } = await failureOf(auth.getKey(now))
      blocks.push(retryAtMs! - Date.now())
      await passTime(retryAtMs! - Date.now())
    }
    return blocks
  }
  const minutes = (...numbers: number[]) => numbers.map(number => number * MINUTE_MS)

  it('blocks for up to two minutes longer each time, by chance, and 15 minutes at most', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    expect(await blocksInARow(17)).toEqual(minutes(...Array.from({ length: 15 }, (_, n) => n + 1), 15, 15))
  })

  it('is in whole milliseconds: a timer cuts what is not', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.123_456_789)
    expect(await blocksInARow(2)).toEqual([MINUTE_MS, 60_000 + 14_815])
  })

  it('may block for no longer than the first', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    expect(await blocksInARow(3)).toEqual(minutes(1, 1, 1))
  })

  it.each([0, 0.25, 0.999])('never ends before Retry-After: where chance is %d', async random => {
    vi.spyOn(Math, 'random').mockReturnValue(random)
    for (const block of await blocksInARow(20, '899')) {
      expect(block).toBeGreaterThanOrEqual(899_000)
      expect(block).toBeLessThanOrEqual(15 * MINUTE_MS)
    }
  })

  it('blocks the other tabs as long', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const service = fakeService()
    service.answerKey = refused()
    const [first, second] = [await openPage(service), await openPage(service)]
    await failureOf(first.auth.getKey(now))
    await passTime(MINUTE_MS)
    const { retryAtMs } = await failureOf(first.auth.getKey(now))
    expect(retryAtMs).toBe(START_MS + 3 * MINUTE_MS)
    expect(await failureOf(second.auth.getKey(now))).toMatchObject({ code: 'rate_limited', retryAtMs })
    expect(service.asked).toHaveLength(2)
  })

  it('is the first again after a key', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const { auth, service } = await openPage()
    const { answerKey } = service
    for (let round = 0; round < 2; round++) {
      service.answerKey = refused()
      const { retryAtMs } = await failureOf(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }))
      expect(retryAtMs! - Date.now()).toBe(MINUTE_MS)
      await passTime(MINUTE_MS)
      service.answerKey = answerKey
      await auth.getKey({ forceRefresh: true })
    }
  })
})

describe('a 403 (rule 3)', () => {
  const forbidden = () => json({ status: 'error', code: 'FORBIDDEN' }, 403)

  it.each<[number, string]>([
    [59 * MINUTE_MS, 'rate_limited'],
    [60 * MINUTE_MS - 1, 'rate_limited'],
    [60 * MINUTE_MS, 'template_rejected'],
    [61 * MINUTE_MS, 'template_rejected'],
  ])('%i ms after a key was got is %s', async (ms, code) => {
    const { auth, service } = await openPage()
    await auth.getKey(now)
    service.answerKey = forbidden
    await passTime(ms)
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code, status: 403 })
  })

  it.each(['a reload', 'clear', 'invalidate'])('is a limit within the hour also after %s', async how => {
    const service = fakeService()
    const page = await openPage(service)
    const key = await page.auth.getKey(now)
    if (how === 'clear') await page.auth.clear()
    if (how === 'invalidate') await page.auth.invalidate(key)
    const { auth } = how === 'a reload' ? await openPage(service) : page
    service.answerKey = forbidden
    const caller = auth.getKey({ ...now, forceRefresh: true })
    expect(await failureOf(caller)).toMatchObject({ code: 'rate_limited', status: 403 })
  })

  it('after the profile got a key of another template says nothing about a limit', async () => {
    const { auth, createAuth, service } = await openPage()
    await createAuth({ templateId: `SECU_${'b'.repeat(32)}` }).getKey(now)
    service.answerKey = forbidden
    expect(await failureOf(auth.getKey(now))).toMatchObject({ code: 'template_rejected' })
  })
})
