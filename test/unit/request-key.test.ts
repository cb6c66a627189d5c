import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthEvent, AuthOptions } from '../../src/index.ts'
import { fakeAirwaves } from './fake-browser.ts'
import { fakeMachine } from './fake-machine.ts'
import { failureOf, fakeLocks, fakeStorage, newKey, openPage, SECRET, stubBrowser, tidyUp, timedKey } from './fakes.ts'

type RequestKey = NonNullable<AuthOptions['requestKey']>

let machine: ReturnType<typeof fakeMachine>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  fakeAirwaves()
  machine = fakeMachine({ turns: 6 })
})
afterEach(tidyUp)

/** An auth with a `requestKey`, and everything that it says. */
async function authWith(requestKey: RequestKey, options: Partial<AuthOptions> = {}) {
  const { createAuth, service } = await openPage()
  const events: AuthEvent[] = []
  const onEvent = (event: AuthEvent) => void events.push(event)
  const auth = createAuth({ templateId: undefined, requestKey, onEvent, ...options })
  return { auth, events, service }
}

/** Something that is not what `requestKey` should resolve with. */
const answering = (answer: unknown) => (async () => answer) as RequestKey

describe('requestKey replaces the key request (rules 1 and 7)', () => {
  it('by a key', async () => {
    const key = newKey()
    const { auth, service } = await authWith(async () => key)
    const { wallMs } = machine
    expect(await machine.until(auth.getKey())).toMatchObject({ value: key, expiresAtMs: wallMs + 1_200_000 })
    expect(service.asked).toHaveLength(0)
  })

  it.each([1, 90, 5_184_000, 90.5])('by a key that lives for %d s', async expiresInSeconds => {
    const { auth } = await authWith(async () => ({ key: newKey(), expiresInSeconds }))
    const { wallMs } = machine
    expect((await machine.until(auth.getKey())).expiresAtMs).toBe(wallMs + expiresInSeconds * 1000)
  })

  it.each([0, -1, 0.5, 5_184_001, Number.NaN, Infinity, 1_893_456_000_000, '90', null, undefined, {}])(
    'by a key, and ignores a lifetime of %j s (rule 7)',
    async expiresInSeconds => {
      const { auth } = await authWith(answering({ key: newKey(), expiresInSeconds }))
      const { wallMs } = machine
      expect((await machine.until(auth.getKey())).expiresAtMs).toBe(wallMs + 1_200_000)
    },
  )

  it('by a key that says itself how long it lives: the shorter counts (rule 7)', async () => {
    const { wallMs } = machine
    const { auth } = await authWith(async () => ({ key: timedKey(wallMs, 300), expiresInSeconds: 600 }))
    expect((await machine.until(auth.getKey())).expiresAtMs).toBe(wallMs + 300_000)
  })

  it('is called without a receiver, and with a signal only', async () => {
    const ask = vi.fn<RequestKey>(async () => newKey())
    const { auth } = await authWith(ask)
    await machine.until(auth.getKey())
    expect(ask.mock.calls).toEqual([[{ signal: expect.any(AbortSignal) }]])
  })

  it('is asked once for many callers (rule 1)', async () => {
    const ask = vi.fn<RequestKey>(async () => newKey())
    const { auth } = await authWith(ask)
    await machine.until(Promise.all(Array.from({ length: 20 }, () => auth.getKey())))
    expect(ask).toHaveBeenCalledOnce()
  })
})

describe('what it resolves with is checked as an answer of the service is (rule 6)', () => {
  class Grant {
    get key() {
      return newKey()
    }
  }
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['an empty text', ''],
    ['another prefix', 'TASS_abcdefgh'],
    ['too short', 'SASS_abc'],
    ['with a space', 'SASS_abcd efgh'],
    ['with a line end', 'SASS_abcdefgh\n'],
    ['with a letter beyond ASCII', 'SASS_äbcdefgh'],
    ['too long', `SASS_${'a'.repeat(8188)}`],
    ['a secret key', SECRET],
    ['a String object', Object('SASS_abcdefgh')],
    ['a list', ['SASS_abcdefgh']],
    ['a key within a key', { key: { key: 'SASS_abcdefgh' } }],
    ['an inherited key', Object.create({ key: 'SASS_abcdefgh' })],
    ['a getter of a class', new Grant()],
    ['a Response', new Response('SASS_abcdefgh')],
  ])('%s is malformed_response, and its words are nowhere (rule 14)', async (_, answer) => {
    const { auth, events } = await authWith(answering(answer))
    const error = await machine.until(failureOf(auth.getKey()))
    expect(error).toMatchObject({ name: 'AuthError', code: 'malformed_response' })
    const said = JSON.stringify([error.message, error, events, auth.state])
    for (const word of ['SASS_', 'TASS_', SECRET]) expect(said).not.toContain(word)
    expect(auth.peek()).toBeUndefined()
  })

  it('a polluted Object.prototype makes nothing a key', async () => {
    const polluted = Object.prototype as Record<string, unknown>
    polluted.key = 'SASS_polluted'
    try {
      const { auth } = await authWith(answering({}))
      expect(await machine.until(failureOf(auth.getKey()))).toMatchObject({ code: 'malformed_response' })
    } finally {
      delete polluted.key
    }
  })
})

describe('what it throws (rule 14)', () => {
  const key = 'SASS_secret_of_the_host'
  const words = () => new TypeError(`fetch failed: header "${key}"`, { cause: new Error(key) })
  const throwing: Record<string, RequestKey> = {
    'at once': () => {
      throw words()
    },
    later: async () => {
      throw words()
    },
    'a text': () => Promise.reject(key),
    nothing: () => Promise.reject(),
    'something like an AuthError': () =>
      Promise.reject(Object.assign(words(), { name: 'AuthError', code: 'rate_limited' })),
  }
  it.each(Object.entries(throwing))('%s is "network", and nothing of its words is anywhere', async (_, requestKey) => {
    const { auth, events } = await authWith(requestKey)
    const error = await machine.until(failureOf(auth.getKey({ maxWaitMs: 0 })))
    expect(error).toMatchObject({ name: 'AuthError', code: 'network', message: 'network' })
    expect(error.cause).toBeUndefined()
    expect(auth.state).toMatchObject({ status: 'error', error: { code: 'network' } })
    for (const said of [error.message, error.stack, JSON.stringify([error, events, auth.state])]) {
      expect(said).not.toContain(key)
    }
  })

  it('is tried again for who waits (rule 4)', async () => {
    let failures = 2
    const { auth } = await authWith(async () => {
      if (failures-- > 0) throw words()
      return 'SASS_third_time'
    })
    expect((await machine.until(auth.getKey())).value).toBe('SASS_third_time')
  })

  it.each(['template_rejected', 'rate_limited', 'server', 'timeout'] as const)(
    'an AuthError passes, with its code and its time: %s',
    async code => {
      const { lib, createAuth } = await openPage()
      const requestKey = vi.fn<RequestKey>(() => {
        throw new lib.AuthError(code, `not for eyes: ${key}`, { retryAtMs: machine.wallMs + 40_000, status: 418 })
      })
      const auth = createAuth({ requestKey })
      const retryAtMs = machine.wallMs + 40_000
      const error = await machine.until(failureOf(auth.getKey()))
      expect(error).toMatchObject({ code, retryAtMs, status: 418 })
      expect(JSON.stringify([error.message, error.stack, error])).not.toContain(key)
      expect(auth.state.retryAtMs).toBe(retryAtMs)
      // Until then it is not asked again.
      await machine.pass(39_000)
      await machine.until(failureOf(auth.getKey({ maxWaitMs: 0 })))
      expect(requestKey).toHaveBeenCalledOnce()
      await machine.pass(1000)
      await machine.until(failureOf(auth.getKey({ maxWaitMs: 0 })))
      expect(requestKey).toHaveBeenCalledTimes(2)
    },
  )

  it('a time that is past is none: it is not asked again at once (rule 4)', async () => {
    const { lib, createAuth } = await openPage()
    const thrown = new lib.AuthError('server', '', { retryAtMs: machine.wallMs - 1 })
    const requestKey = vi.fn<RequestKey>(() => Promise.reject(thrown))
    const auth = createAuth({ requestKey })
    await machine.until(failureOf(auth.getKey({ maxWaitMs: 0 })))
    expect(requestKey).toHaveBeenCalledOnce()
  })
})

describe('its signal', () => {
  it('is aborted when the time is over, and the caller is told "timeout" (rule 4)', async () => {
    let signal: AbortSignal | undefined
    const { auth } = await authWith(
      context => {
        signal = context.signal
        return new Promise(() => {})
      },
      { timeoutMs: 3000 },
    )
    const failure = failureOf(auth.getKey({ maxWaitMs: 0 }))
    await machine.pass(2999)
    expect(signal?.aborted).toBe(false)
    await machine.pass(1)
    expect(signal?.aborted).toBe(true)
    expect(await machine.until(failure)).toMatchObject({ code: 'timeout' })
  })

  it('is aborted by dispose, and what comes after it is written nowhere (rule 17)', async () => {
    let signal: AbortSignal | undefined
    let answer: ((key: string) => void) | undefined
    const storage = fakeStorage()
    const { auth } = await authWith(
      context => {
        signal = context.signal
        return new Promise<string>(resolve => {
          answer = resolve
        })
      },
      { storage, cacheScope: 'anna' },
    )
    const failure = failureOf(auth.getKey())
    await machine.settle()
    const writes = storage.writes.length
    auth.dispose()
    expect(await machine.until(failure)).toMatchObject({ code: 'disposed' })
    expect(signal?.aborted).toBe(true)
    answer?.(newKey())
    await machine.pass(20_000)
    expect(storage.writes).toHaveLength(writes)
  })

  it('is not aborted by one caller who leaves (rule 17)', async () => {
    let signal: AbortSignal | undefined
    const { auth } = await authWith(context => {
      signal = context.signal
      return new Promise(() => {})
    })
    const caller = new AbortController()
    const failure = failureOf(auth.getKey({ signal: caller.signal }))
    await machine.settle()
    caller.abort('left')
    expect(await failure).toBe('left')
    expect(signal?.aborted).toBe(false)
  })
})
