// @vitest-environment node
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Auth, AuthEvent, AuthOptions } from '../../src/index.ts'
import {
  API,
  encodeKey,
  FILES,
  failureOf,
  fakeLocks,
  fakeService,
  fakeStorage,
  json,
  openPage,
  refusal,
  SECRET,
  stubBrowser,
  tidyUp,
} from './fakes.ts'

// Nothing that a test below makes with it may say it again.
const MARK = 'hush-hush'
const HUSH = `SASS_${MARK}`
const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

/** Everything that an error tracker, a log or a curious developer may make of a value. */
function allWordsOf(value: unknown): string {
  const text = [String(value), inspect(value, { showHidden: true, depth: 9, getters: false })]
  const seen = new Set<unknown>()
  const walk = (part: unknown): void => {
    if (typeof part === 'string') text.push(part)
    if (typeof part !== 'object' || !part || seen.has(part)) return
    seen.add(part)
    // Own properties, enumerable or not: what spreading, cloning and trackers see.
    for (const name of Reflect.ownKeys(part)) walk((part as Record<PropertyKey, unknown>)[name])
  }
  walk(value)
  const asJson = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
  return [...text, asJson ?? ''].join('\n')
}

type Service = ReturnType<typeof fakeService>
interface Case {
  code: string
  options?: Partial<AuthOptions>
  prepare?: (service: Service) => void
  act?: (auth: Auth) => Promise<unknown>
}

const failing: Record<string, Case> = {
  'a network error that quotes the key': {
    code: 'network',
    prepare: service => (service.answerKey = () => Promise.reject(new TypeError(`bad header ${HUSH}`))),
  },
  'a signed request that breaks off, and quotes its header': {
    code: 'network',
    prepare: service => (service.answerApi = () => Promise.reject(new TypeError(`bad header ${HUSH}`))),
    act: auth => auth.fetch(FILES),
  },
  timeout: {
    code: 'timeout',
    options: { timeoutMs: 20 },
    prepare: service => (service.answerKey = () => new Promise(() => {})),
  },
  'a server error with the key in its body': {
    code: 'server',
    prepare: service => (service.answerKey = () => json({ status: 'success', key: HUSH }, 500)),
  },
  'a refused template whose body holds a key': {
    code: 'template_rejected',
    prepare: service =>
      (service.answerKey = () => json({ status: 'error', code: HUSH, msg: HUSH, hint: HUSH, key: HUSH }, 404)),
  },
  'a limit whose body holds a key': {
    code: 'rate_limited',
    prepare: service => (service.answerKey = () => json({ status: 'error', msg: `limit ${HUSH}` }, 429)),
  },
  'a malformed key': {
    code: 'malformed_response',
    prepare: service => (service.answerKey = () => json({ status: 'success', key: `${HUSH} and more` })),
  },
  'another origin': { code: 'origin_not_allowed', act: auth => auth.fetch(`https://evil.example/?key=${HUSH}`) },
  'another origin, with the key as its path and user name': {
    code: 'invalid_options',
    act: auth => auth.sign(`https://${HUSH}:x@evil.example/${HUSH}`),
  },
  'a header that is none': {
    code: 'invalid_options',
    act: auth => auth.sign(FILES, { headers: { 'X-Filerobot-Key': `${HUSH}\n${HUSH}` } }),
  },
  'a method that is none': { code: 'invalid_options', act: auth => auth.sign(FILES, { method: `${HUSH} ` }) },
  'an address that is none': { code: 'invalid_options', act: auth => auth.sign(`https://[${HUSH}`) },
  'keys that are refused again and again': {
    code: 'key_rejected',
    prepare: service => (service.answerApi = () => refusal('ERR_SASS_INVALID')),
    act: auth => auth.fetch(FILES),
  },
  'no waiting for the end': {
    code: 'disposed',
    act: async auth => {
      await auth.getKey()
      auth.dispose()
      return auth.getKey()
    },
  },
}

describe('the value of a key (rule 14)', () => {
  it.each(Object.entries(failing))('is in no error, event, state or log: %s', async (_, { code, ...theCase }) => {
    const spies = METHODS.map(method => vi.spyOn(console, method).mockImplementation(() => {}))
    const service = fakeService()
    let count = 0
    service.answerKey = () => service.give(`${HUSH}-${++count}`)
    theCase.prepare?.(service)
    const events: AuthEvent[] = []
    const states: unknown[] = []
    const { createAuth } = await openPage(service)
    const storage = fakeStorage()
    const auth = createAuth({ storage, maxWaitMs: 0, ...theCase.options, onEvent: event => events.push(event) })
    auth.subscribe(state => states.push(state))
    const error = await failureOf((theCase.act ?? (auth => auth.getKey()))(auth))
    expect(error).toMatchObject({ name: 'AuthError', code })
    expect(error.cause).toBeUndefined()
    states.push(auth.state, auth, auth.peek())
    for (const value of [error, ...events, ...states]) expect(allWordsOf(value)).not.toContain(MARK)
    for (const spy of spies) expect(allWordsOf(spy.mock.calls)).not.toContain(MARK)
  })

  it.each(['opaque', 'decodable'])('cannot be had from a key object but by its getter: %s', async form => {
    const service = fakeService()
    const value = form === 'opaque' ? HUSH : encodeKey([['p', '18446744073709551615']])
    service.answerKey = () => service.give(value)
    const { auth } = await openPage(service)
    const key = await auth.getKey()
    expect(key.value).toBe(value)
    for (const words of [key, { ...key }, auth.state, structuredClone(key), [key], Object.entries(key)]) {
      expect(allWordsOf(words)).not.toContain(value)
    }
    expect(JSON.stringify(auth.state)).not.toContain('SASS_')
    expect(Object.keys(key)).not.toContain('value')
  })

  it('is in no URL that is asked for (rule 11)', async () => {
    const { auth, service } = await openPage()
    service.answerApi = ({ headers }) =>
      headers.get('X-Filerobot-Key') === service.given[0] ? refusal('KEY_EXPIRED') : json({ status: 'success' })
    await auth.fetch(`${FILES}?folder=/`)
    await auth.sign(`${API}/x`)
    const urls = [...service.asked.map(({ url }) => url), ...service.requests.map(({ url }) => url)]
    expect(urls).toHaveLength(4)
    expect(urls.join('\n')).not.toContain('SASS_')
  })
})

describe('a secret key (rule 13)', () => {
  it.each<keyof AuthOptions>(['token', 'templateId', 'apiBase', 'keyUrl', 'cacheScope', 'allowedOrigins', 'storage'])(
    'as %s is refused, and is not repeated',
    async option => {
      const { createAuth } = await openPage()
      for (const secret of [SECRET, SECRET.toLowerCase(), SECRET.toUpperCase(), ` ${SECRET} `]) {
        const value = option === 'allowedOrigins' ? ['https://a.example', secret] : secret
        const error = await failureOf((async () => createAuth({ [option]: value }))())
        expect(error).toMatchObject({ name: 'AuthError', code: 'invalid_options' })
        expect(error.message).toContain(option)
        expect(error.message).toMatch(/secret/i)
        expect(error.message).toMatch(/SECU_/)
        expect(allWordsOf(error).toLowerCase()).not.toContain(SECRET.toLowerCase())
      }
    },
  )
})
