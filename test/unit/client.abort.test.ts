import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FILES, fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, settle, watch } from './time.ts'

let locks: ReturnType<typeof fakeLocks>

beforeEach(() => {
  stubBrowser({ locks: (locks = fakeLocks()) })
  freezeTime()
})
afterEach(tidyUp)

/** Callers who wait, each of whom can leave. */
async function threeCallers(prepare: (page: Page) => void) {
  const page = await openPage()
  const storage = fakeStorage()
  const auth = page.createAuth({ storage, maxWaitMs: MINUTE_MS })
  prepare({ ...page, storage })
  const callers = Array.from({ length: 3 }, () => {
    const { signal, abort } = bound(new AbortController())
    return { signal, abort, outcome: watch(auth.getKey({ signal })) }
  })
  await settle()
  return { ...page, auth, storage, callers }
}
type Page = Awaited<ReturnType<typeof openPage>> & { storage: ReturnType<typeof fakeStorage> }
const bound = (controller: AbortController) => ({
  signal: controller.signal,
  abort: (why?: unknown) => controller.abort(why),
})

const failOnce =
  (answer: () => Response) =>
  ({ service }: Page) => {
    const { answerKey } = service
    service.answerKey = () => {
      service.answerKey = answerKey
      return answer()
    }
  }
/** What callers may be waiting for, and how many requests there were before. */
const waits: Record<string, { prepare: (page: Page) => void; asked: number }> = {
  'a request': {
    prepare: ({ service }) => {
      const { answerKey } = service
      service.answerKey = () =>
        new Promise(resolve => {
          setTimeout(() => resolve(answerKey()), 5000)
        })
    },
    asked: 1,
  },
  'the service’s limit': {
    prepare: failOnce(() => new Response('', { status: 429, headers: { 'Retry-After': '30' } })),
    asked: 1,
  },
  'a back-off': {
    prepare: page => {
      vi.spyOn(Math, 'random').mockReturnValue(0.999)
      failOnce(() => new Response('', { status: 503 }))(page)
    },
    asked: 1,
  },
  'the lock': {
    prepare: () => {
      locks.isStuck = true
    },
    asked: 0,
  },
  'a storage that hangs': {
    prepare: ({ storage }) => {
      storage.pause = () => new Promise(() => {})
    },
    asked: 0,
  },
}

describe('aborting one of several callers (rule 17)', () => {
  it.each(Object.entries(waits))('who wait for %s: the others get the key', async (_, { prepare, asked }) => {
    const { service, auth, callers } = await threeCallers(prepare)
    expect(service.asked).toHaveLength(asked)
    expect(auth.state.status).toBe('loading')
    const why = new Error('changed my mind')
    callers[1]!.abort(why)
    await settle()
    expect(callers.map(({ outcome }) => outcome.error)).toEqual([undefined, why, undefined])
    expect(auth.state.status).toBe('loading')
    await passTime(MINUTE_MS)
    const key = auth.peek()
    expect(key).toBeDefined()
    expect(callers.map(({ outcome }) => outcome.value)).toEqual([key, undefined, key])
    expect(callers[1]!.outcome.error).toBe(why)
  })

  it.each(['the service’s limit', 'a back-off'])('all who wait for %s: no request for nobody', async name => {
    const { service, auth, callers } = await threeCallers(waits[name]!.prepare)
    for (const { abort } of callers) abort()
    await settle()
    for (const { outcome, signal } of callers) expect(outcome.error).toBe(signal.reason)
    // The failure is still there, and nobody waits for its end.
    expect(auth.state).toMatchObject({ status: 'error', retryAtMs: expect.any(Number) })
    expect(vi.getTimerCount()).toBe(0)
    await passTime(5 * MINUTE_MS)
    expect(service.asked).toHaveLength(1)
    expect((await auth.getKey()).value).toBe(service.given[0])
  })

  it('all who wait for a request: its key is kept for whoever comes next', async () => {
    const { service, auth, callers } = await threeCallers(waits['a request']!.prepare)
    for (const { abort } of callers) abort()
    await passTime(5000)
    expect(auth.peek()?.value).toBe(service.given[0])
    expect(service.asked[0]!.init.signal?.reason).not.toBe(callers[0]!.signal.reason)
    await auth.getKey()
    expect(service.asked).toHaveLength(1)
  })

  it('who came last, and first: whoever is left is served at the time that was told', async () => {
    const { service, auth, callers } = await threeCallers(waits['the service’s limit']!.prepare)
    const { retryAtMs } = auth.state
    callers[2]!.abort()
    callers[0]!.abort()
    await passTime(MINUTE_MS)
    expect(callers[1]!.outcome).toMatchObject({ value: auth.peek(), atMs: retryAtMs })
    expect(service.asked).toHaveLength(2)
  })

  it('of sign and fetch: by the signal of the request', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => new Response('', { status: 429, headers: { 'Retry-After': '10' } })
    const { signal, abort } = bound(new AbortController())
    const outcomes = [
      watch(auth.fetch(FILES, { signal })),
      watch(auth.sign(FILES, { signal })),
      watch(auth.fetch(new Request(FILES, { signal }))),
    ]
    await settle()
    expect(outcomes).toEqual([{}, {}, {}])
    abort(new Error('left the page'))
    await settle()
    for (const { error } of outcomes) expect(error).toMatchObject({ message: 'left the page' })
    await passTime(MINUTE_MS)
    expect([service.asked.length, service.requests.length]).toEqual([1, 0])
  })
})
