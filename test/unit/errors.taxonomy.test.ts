import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthOptions } from '../../src/index.ts'
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
import { freezeTime, passTime, START_MS, watch } from './time.ts'

const JITTER = 0.5

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
  vi.spyOn(Math, 'random').mockReturnValue(JITTER)
})
afterEach(tidyUp)

type Service = ReturnType<typeof fakeService>
interface Row {
  code: string
  answer: (service: Service) => Response | Promise<Response>
  options?: Partial<AuthOptions>
  status?: number
  /** How long the request takes. */
  tookMs?: number
  /** How long after the failure the next attempt may be made. */
  retryAfterMs: number
  /** Whether a caller waits for that, and does not get the error at once. */
  isWaitedOut: boolean
}
const backOff = { retryAfterMs: 1000 * JITTER, isWaitedOut: true }
const never = () => new Promise<never>(() => {})

/** Everything that can become of a key request, and what callers see of it (rules 3, 4, 6 and 12). */
const taxonomy: Record<string, Row> = {
  'a 429': {
    code: 'rate_limited',
    answer: () => json({}, 429),
    status: 429,
    retryAfterMs: MINUTE_MS,
    isWaitedOut: true,
  },
  'a 429 with Retry-After': {
    code: 'rate_limited',
    answer: () => json({}, 429, { 'Retry-After': '7' }),
    status: 429,
    retryAfterMs: 7000,
    isWaitedOut: true,
  },
  'a 400 that speaks of a limit': {
    code: 'rate_limited',
    answer: () => json({ status: 'error', hint: 'Limit exceeded' }, 400),
    status: 400,
    retryAfterMs: MINUTE_MS,
    isWaitedOut: true,
  },
  'a broken connection': { code: 'network', answer: () => Promise.reject(new TypeError('failed')), ...backOff },
  'a body that breaks off': {
    code: 'network',
    answer: () => new Response(new ReadableStream({ pull: controller => controller.error(new TypeError('cut')) })),
    ...backOff,
  },
  'no answer in time': { code: 'timeout', answer: never, options: { timeoutMs: 3000 }, tookMs: 3000, ...backOff },
  'a body without an end': {
    code: 'timeout',
    answer: () => new Response(new ReadableStream()),
    options: { timeoutMs: 3000 },
    tookMs: 3000,
    ...backOff,
  },
  'a 408': { code: 'server', answer: () => json({ status: 'error' }, 408), status: 408, ...backOff },
  'a 500': { code: 'server', answer: () => new Response('', { status: 500 }), status: 500, ...backOff },
  'a 503': { code: 'server', answer: () => json({ status: 'error', code: 'X' }, 503), status: 503, ...backOff },
  'a 404': {
    code: 'template_rejected',
    answer: () => new Response('', { status: 404 }),
    status: 404,
    retryAfterMs: MINUTE_MS,
    isWaitedOut: false,
  },
  'a 403 of a profile without a key': {
    code: 'template_rejected',
    answer: () => refusal('FORBIDDEN'),
    status: 403,
    retryAfterMs: MINUTE_MS,
    isWaitedOut: false,
  },
  'a 200 with status "error"': {
    code: 'template_rejected',
    answer: () => refusal('TEMPLATE_DISABLED', 200),
    status: 200,
    retryAfterMs: MINUTE_MS,
    isWaitedOut: false,
  },
  'a page of a captive portal': {
    code: 'malformed_response',
    answer: () => new Response('<title>Sign in</title>'),
    status: 200,
    retryAfterMs: 1000 * JITTER,
    isWaitedOut: false,
  },
  'a success without a key': {
    code: 'malformed_response',
    answer: () => json({ status: 'success' }),
    retryAfterMs: 1000 * JITTER,
    isWaitedOut: false,
  },
  'a key that is over when it comes': {
    code: 'key_rejected',
    answer: service =>
      new Promise(resolve => {
        setTimeout(resolve, 2000, service.give('SASS_too_late', { key_validity: { expire_duration: 1 } }))
      }),
    tookMs: 2000,
    retryAfterMs: 1000 * JITTER,
    isWaitedOut: false,
  },
}
const rows = Object.entries(taxonomy)

/** One auth whose first request fails as a row says. */
async function failedOnce({ answer, options }: Row) {
  const { watchedAuth, service } = await openPage()
  const { answerKey } = service
  service.answerKey = () => answer(service)
  const watched = watchedAuth({ storage: fakeStorage(), ...options })
  return { ...watched, service, mend: () => (service.answerKey = answerKey) }
}

describe('what becomes of a key request (rules 3, 4, 6 and 12)', () => {
  it.each(rows)('%s: the code, when to come again, and where it is told', async (_, row) => {
    const { auth, events } = await failedOnce(row)
    const caller = watch(auth.getKey({ maxWaitMs: 0 }))
    await passTime(row.tookMs ?? 0)
    const error = caller.error as Error
    const { code, status, retryAfterMs } = row
    const retryAtMs = caller.atMs! + retryAfterMs
    expect(error).toMatchObject({ name: 'AuthError', code, retryAtMs })
    expect(error).toMatchObject({ status, message: expect.stringContaining(code) })
    expect(error.message).toContain(status ? `HTTP ${status}` : '')
    expect(auth.state).toEqual({ status: 'error', error, retryAtMs, storage: 'custom' })
    expect(events).toEqual([{ type: 'failure', error, retryAtMs, atMs: caller.atMs }])
  })

  it.each(rows)('%s: until then no request is made, and the same error comes again', async (_, row) => {
    const { auth, service } = await failedOnce(row)
    const caller = watch(auth.getKey({ maxWaitMs: 0 }))
    await passTime(row.tookMs ?? 0)
    await passTime(row.retryAfterMs - 1)
    expect(await failureOf(auth.getKey({ maxWaitMs: 0 }))).toBe(caller.error)
    expect(service.asked).toHaveLength(1)
  })

  it.each(rows.filter(([, { isWaitedOut }]) => isWaitedOut))(
    '%s: a caller waits for the next attempt',
    async (_, row) => {
      const { auth, service, mend } = await failedOnce(row)
      const caller = watch(auth.getKey({ maxWaitMs: 2 * MINUTE_MS }))
      await passTime(0)
      mend()
      // The time of the request, and that of the pause.
      await passTime((row.tookMs ?? 0) + row.retryAfterMs)
      expect(caller.value?.value).toBe(service.given[0])
      expect(service.asked).toHaveLength(2)
    },
  )

  it.each(rows.filter(([, { isWaitedOut }]) => !isWaitedOut))(
    '%s: no caller waits for better times',
    async (_, row) => {
      const { auth, service } = await failedOnce(row)
      const caller = watch(auth.getKey({ maxWaitMs: 2 * MINUTE_MS }))
      await passTime(row.tookMs ?? 0)
      expect(caller.error).toMatchObject({ code: row.code })
      expect(service.asked).toHaveLength(1)
    },
  )

  it.each(rows)('%s: afterwards a request is made again, and its key is as good as any', async (_, row) => {
    const { auth, service, mend } = await failedOnce(row)
    const caller = watch(auth.getKey({ maxWaitMs: 0 }))
    await passTime(row.tookMs ?? 0)
    mend()
    await passTime(row.retryAfterMs)
    expect(caller.error).toBeDefined()
    const key = await auth.getKey({ maxWaitMs: 0 })
    expect(key.value).toBe(service.given.at(-1))
    expect(auth.state).toEqual({ status: 'ready', key, storage: 'custom' })
  })
})

describe('errors that have nothing to do with the key request (rules 11, 13 and 17)', () => {
  it.each<[string, string, (page: Awaited<ReturnType<typeof openPage>>) => Promise<unknown>]>([
    ['invalid_options', 'wrong options', async ({ createAuth }) => createAuth({ token: 'a b' })],
    ['invalid_options', 'a request that cannot carry a key', ({ auth }) => auth.sign(FILES, { mode: 'no-cors' })],
    ['origin_not_allowed', 'another origin', ({ auth }) => auth.fetch('https://evil.example/')],
    [
      'disposed',
      'an auth that is over',
      async ({ auth }) => {
        auth.dispose()
        return auth.getKey()
      },
    ],
  ])('%s: %s is told at once, has no retryAtMs, and leaves the state alone', async (code, _, act) => {
    const page = await openPage()
    const error = await failureOf(act(page))
    expect(error).toMatchObject({ name: 'AuthError', code, retryAtMs: undefined, status: undefined })
    expect(page.auth.state).toEqual({ status: 'idle', storage: 'indexeddb' })
    expect([page.service.asked.length, page.service.requests.length]).toEqual([0, 0])
  })

  it('a signed request that breaks off is network, and leaves key and state alone', async () => {
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    service.answerApi = () => Promise.reject(new TypeError('failed'))
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'network', retryAtMs: undefined })
    expect(auth.state).toMatchObject({ status: 'ready', key })
    await passTime(START_MS + MINUTE_MS - Date.now())
    expect([service.asked.length, service.requests.length]).toEqual([1, 1])
  })
})
