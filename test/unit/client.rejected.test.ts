import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthState } from '../../src/index.ts'
import {
  FILES,
  failureOf,
  fakeLocks,
  fakeService,
  fakeStorage,
  MINUTE_MS,
  openPage,
  refusal,
  stubBrowser,
  tidyUp,
} from './fakes.ts'
import { freezeTime, passTime, START_MS, settle, watch } from './time.ts'

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
})
afterEach(tidyUp)

describe('a refused template (rule 4)', () => {
  const rejecting = () => {
    const service = fakeService()
    const { answerKey } = service
    service.answerKey = () => new Response('', { status: 404 })
    return { service, mend: () => (service.answerKey = answerKey) }
  }

  it('is remembered for 60 s and no longer, and a caller does not wait for that', async () => {
    const { service, mend } = rejecting()
    const { auth } = await openPage(service)
    const error = await failureOf(auth.getKey({ maxWaitMs: 10 * MINUTE_MS }))
    expect(error).toMatchObject({ code: 'template_rejected', retryAtMs: START_MS + MINUTE_MS })
    mend()
    await passTime(MINUTE_MS - 1)
    expect(await failureOf(auth.getKey({ maxWaitMs: 10 * MINUTE_MS }))).toBe(error)
    expect(service.asked).toHaveLength(1)
    await passTime(1)
    expect((await auth.getKey()).value).toBe(service.given[0])
  })

  it.each(['clear', 'forceRefresh'])('is forgotten by %s', async how => {
    const { service, mend } = rejecting()
    const { auth } = await openPage(service)
    await failureOf(auth.getKey())
    mend()
    if (how === 'clear') await auth.clear()
    expect((await auth.getKey({ forceRefresh: how === 'forceRefresh' })).value).toBe(service.given[0])
  })

  it('is remembered by this page alone, and only for this template', async () => {
    const { service, mend } = rejecting()
    const { auth, createAuth } = await openPage(service)
    await failureOf(auth.getKey())
    mend()
    expect((await createAuth({ templateId: `SECU_${'c'.repeat(32)}` }).getKey()).value).toBe(service.given[0])
    expect((await (await openPage(service)).auth.getKey()).value).toBe(service.given[1])
  })

  it('is asked for once a minute while somebody subscribes, and the state says when', async () => {
    const { service, mend } = rejecting()
    const { auth } = await openPage(service)
    auth.subscribe(() => {})
    await settle()
    expect(auth.state).toMatchObject({ status: 'error', retryAtMs: START_MS + MINUTE_MS })
    await passTime(4 * MINUTE_MS)
    expect(service.asked).toHaveLength(5)
    mend()
    await passTime(MINUTE_MS)
    expect(auth.state.status).toBe('ready')
  })
})

describe('two fresh keys refused in a row (rule 12)', () => {
  /** A service that refuses all of its keys, and an auth with a subscriber. */
  async function refusing(afterMs = 0) {
    const service = fakeService()
    service.answerApi = () => refusal('ERR_SASS_INVALID', 401)
    const { watchedAuth } = await openPage(service)
    const watched = watchedAuth({ storage: fakeStorage() })
    const { auth } = watched
    const seen: AuthState[] = []
    auth.subscribe(state => seen.push(state))
    await auth.getKey()
    await passTime(afterMs)
    return { ...watched, service, seen }
  }

  it('tell the subscribers at once, and no timer asks before the back-off is over', async () => {
    const { auth, service, seen, events } = await refusing()
    const error = await failureOf(auth.fetch(FILES))
    await settle()
    const retryAtMs = START_MS + MINUTE_MS
    expect(error).toMatchObject({ code: 'key_rejected', status: 401, retryAtMs })
    expect(events.at(-1)).toMatchObject({ type: 'failure', error, retryAtMs })
    expect(seen.at(-1)).toEqual({ status: 'error', error, retryAtMs, storage: 'custom' })
    expect(service.asked).toHaveLength(2)
    await passTime(MINUTE_MS - 1)
    expect(service.asked).toHaveLength(2)
    await passTime(1)
    expect(service.asked).toHaveLength(3)
    expect(auth.state.status).toBe('ready')
  })

  it.each(['a store', 'indexeddb', 'memory'] as const)(
    'after a long upload: no timer asks at once, with %s',
    async how => {
      const service = fakeService()
      const { createAuth } = await openPage(service)
      const auth = createAuth({ storage: how === 'a store' ? fakeStorage() : how })
      auth.subscribe(() => {})
      await auth.getKey()
      // The second key's refusal comes when the pause between two attempts of a timer is over.
      service.answerApi = () =>
        service.asked.length < 2
          ? refusal('ERR_SASS_INVALID')
          : new Promise(resolve => {
              setTimeout(resolve, 10_000, refusal('ERR_SASS_INVALID'))
            })
      const caller = watch(auth.fetch(FILES))
      await passTime(10_000)
      expect(caller.error).toMatchObject({ code: 'key_rejected', retryAtMs: START_MS + 10_000 + MINUTE_MS })
      await passTime(MINUTE_MS - 1)
      expect(service.asked).toHaveLength(2)
      expect(auth.state).toMatchObject({ status: 'error', error: { code: 'key_rejected' } })
    },
  )

  it('make callers wait for nothing: key_rejected comes at once, without a request', async () => {
    const { auth, service } = await refusing()
    await failureOf(auth.fetch(FILES))
    const sent = service.requests.length
    for (const call of [() => auth.getKey(), () => auth.sign(FILES), () => auth.fetch(FILES)]) {
      expect(await failureOf(call())).toMatchObject({ code: 'key_rejected' })
    }
    expect([service.asked.length, service.requests.length]).toEqual([2, sent])
  })

  it('are followed by one fresh key after each back-off: 1, 2, 4, 8, 15, 15 minutes', async () => {
    const service = fakeService()
    service.answerApi = () => refusal('KEY_EXPIRED', 403)
    const { createAuth } = await openPage(service)
    const auth = createAuth({ storage: fakeStorage() })
    for (const [index, minutes] of [1, 2, 4, 8, 15, 15].entries()) {
      const error = await failureOf(auth.fetch(FILES))
      expect(error).toMatchObject({ code: 'key_rejected', retryAtMs: Date.now() + minutes * MINUTE_MS })
      expect(service.asked).toHaveLength(2 + index)
      await passTime(minutes * MINUTE_MS)
    }
    service.answerApi = () => new Response('fine')
    expect((await auth.fetch(FILES)).status).toBe(200)
    // And then it begins anew: the key that was accepted once is not a fresh one.
    service.answerApi = () => refusal('KEY_EXPIRED', 403)
    await passTime(MINUTE_MS)
    expect((await auth.fetch(FILES)).status).toBe(403)
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ retryAtMs: Date.now() + MINUTE_MS })
  })

  it('are in a row although the service was down in between: it said nothing of the second', async () => {
    const service = fakeService()
    const { createAuth } = await openPage(service)
    const auth = createAuth({ storage: fakeStorage() })
    const answers = [
      () => refusal('KEY_EXPIRED'),
      () => new Response('', { status: 503 }),
      () => refusal('KEY_EXPIRED'),
    ]
    service.answerApi = () => answers.shift()!()
    expect((await auth.fetch(FILES)).status).toBe(503)
    expect(await failureOf(auth.fetch(FILES))).toMatchObject({ code: 'key_rejected' })
    expect(service.asked).toHaveLength(2)
  })

  it('are not in a row where one in between was accepted, or neither', async () => {
    const service = fakeService()
    const { createAuth } = await openPage(service)
    const auth = createAuth({ storage: fakeStorage() })
    const verdicts = ['bad', 'good', 'bad', 'down', 'good', 'bad', 'good']
    service.answerApi = () => {
      const verdict = verdicts.shift()
      return verdict === 'bad' ? refusal('KEY_EXPIRED') : new Response('', { status: verdict === 'down' ? 503 : 200 })
    }
    const statuses = []
    while (verdicts.length) {
      statuses.push((await auth.fetch(FILES)).status)
      await passTime(20_000)
    }
    expect(statuses).toEqual([200, 503, 200, 200])
    expect(auth.state.status).toBe('ready')
  })
})

describe('the same key again (rule 6)', () => {
  it('is key_rejected until the key is over: nobody asks before', async () => {
    const service = fakeService()
    service.answerKey = () => service.give('SASS_always_the_same')
    const { watchedAuth } = await openPage(service)
    const { auth, events } = watchedAuth({ storage: fakeStorage() })
    auth.subscribe(() => {})
    const key = await auth.getKey()
    await passTime(MINUTE_MS)
    const error = await failureOf(auth.getKey({ forceRefresh: true, maxWaitMs: 10 * MINUTE_MS }))
    expect(error).toMatchObject({ code: 'key_rejected', retryAtMs: key.expiresAtMs })
    await passTime(key.expiresAtMs - Date.now() - 1)
    expect(service.asked).toHaveLength(2)
    expect(await auth.getKey()).toBe(key)
    service.answerKey = () => service.give('SASS_another_one')
    await passTime(1)
    expect(auth.peek()?.value).toBe('SASS_another_one')
    expect(events.filter(({ type }) => type === 'failure')).toHaveLength(1)
  })

  it('is tried with a back-off when it is over', async () => {
    const service = fakeService()
    service.answerKey = () => service.give('SASS_always_the_same')
    const { createAuth } = await openPage(service)
    const auth = createAuth({ storage: fakeStorage() })
    const { expiresAtMs } = await auth.getKey()
    await passTime(expiresAtMs - Date.now())
    for (let count = 0; count < 4; count++) {
      const { code, retryAtMs = 0 } = await failureOf(auth.getKey())
      expect(code).toBe('key_rejected')
      expect(retryAtMs - Date.now()).toBeLessThanOrEqual(1000 * 2 ** count)
      vi.setSystemTime(retryAtMs)
    }
    expect(auth.peek()).toBeUndefined()
  })
})
