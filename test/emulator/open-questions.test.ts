import { describe, expect, test, vi } from 'vitest'
import { createEmulator, type Faults, SEED } from '../../demo/emulator/index.ts'
import { decodePayload, splitKey } from '../../demo/emulator/key-codec.ts'
import { refusal, startForTest } from './fixture.ts'

/** What the documentation leaves open, and what can be switched to each way that it may be. */

const LIST = '/v4/files?folder=/inbox'
const STATUSES = [403, 401, 400, 200] as const

async function startWith(faults: Partial<Faults>) {
  const started = await startForTest()
  started.emulator.setFaults(faults)
  return started
}

describe('the refusal of the sixth call', () => {
  async function refused(faults: Partial<Faults>) {
    const { requestKey } = await startWith(faults)
    for (let i = 0; i < 5; i++) await requestKey()
    return requestKey()
  }

  const SPEAKS_OF_A_LIMIT = /limit|too many/i
  const WORDS = [
    ['all', ['code', 'msg']],
    ['code', ['code']],
    ['msg', ['msg']],
    ['hint', ['hint']],
    ['none', []],
  ] as const
  const CASES = [429, 403, 400, 200].flatMap(status => WORDS.map(([words, fields]) => [status, words, fields] as const))

  test.each(CASES)('may have the status %i and speak of a limit in: %s', async (status, limitWords, fields) => {
    const response = await refused({ limitStatus: status as Faults['limitStatus'], limitWords })
    const body = (await response.json()) as Record<string, string>
    expect([response.status, body['status']]).toEqual([status, 'error'])
    expect(Object.keys(body).filter(name => SPEAKS_OF_A_LIMIT.test(body[name] ?? ''))).toEqual(fields)
  })

  test('may be a gateway’s page', async () => {
    const response = await refused({ limitWords: 'html', retryAfter: 'seconds' })
    expect([response.status, response.headers.get('Content-Type')]).toEqual([429, 'text/html; charset=utf-8'])
    expect([await response.text(), response.headers.get('Retry-After')]).toEqual([
      expect.stringContaining('Too Many Requests'),
      '60',
    ])
  })

  test.each([
    [{}, null],
    [{ retryAfter: 'seconds' }, '60'],
    [{ retryAfter: 'date' }, 'Wed, 15 Jan 2025 12:01:00 GMT'],
    [{ retryAfter: 'seconds', retryAfterSeconds: 3600 }, '3600'],
    [{ retryAfter: 'date', retryAfterSeconds: 1.5 }, 'Wed, 15 Jan 2025 12:00:02 GMT'],
    [{ retryAfterSeconds: 5 }, null],
  ] as [Partial<Faults>, string | null][])('may say when to come again: %o → %s', async (faults, expected) => {
    expect((await refused(faults)).headers.get('Retry-After')).toBe(expected)
  })

  test('says it as a date by the server’s own clock, wrong as that may be', async () => {
    const { requestKey, emulator } = await startWith({ keyAnswer: 'too_many', retryAfter: 'date' })
    emulator.setClock({ offsetMs: -3_600_000 })
    const { headers } = await requestKey()
    expect(headers.get('Retry-After')).toBe('Wed, 15 Jan 2025 11:01:00 GMT')
    expect(headers.get('Date')).toBe('Wed, 15 Jan 2025 11:00:00 GMT')
  })

  test.each([
    [{}, null],
    [{ exposeRetryAfter: true }, 'Retry-After'],
    [{ exposeDate: true }, 'Date'],
    [{ exposeRetryAfter: true, exposeDate: true }, 'Retry-After, Date'],
  ] as [Partial<Faults>, string | null][])('may let a page read of it: %o → %s', async (faults, expected) => {
    const { headers } = await refused({ retryAfter: 'seconds', ...faults })
    expect(headers.get('Access-Control-Expose-Headers')).toBe(expected)
  })

  test('may not come at all', async () => {
    expect((await refused({ rateLimitOff: true })).status).toBe(200)
  })
})

describe('a template that is not known', () => {
  test.each([404, 400, 401, 403, 200] as const)('may be refused with the status %i', async rejectedStatus => {
    const { requestKey, call } = await startWith({ rejectedStatus })
    const expected = { status: rejectedStatus, code: 'SECURITY_TEMPLATE_NOT_FOUND' }
    expect(await refusal(await requestKey(`SECU_${'0'.repeat(32)}`))).toEqual(expected)
    expect(await refusal(await call(`/nobody/key/${SEED.templateId}`))).toEqual(expected)
  })
})

describe('the answer with a key', () => {
  const answerWith = async (faults: Partial<Faults>) => {
    const { requestKey } = await startWith(faults)
    return (await (await requestKey()).json()) as Record<string, unknown> & { key: string }
  }
  const permissions = expect.arrayContaining(['OBJECTS_LIST', 'FILE_UPLOAD']) as unknown

  test.each([
    ['nothing besides', {}, {}],
    ['the lifetime', { expireDurationInResponse: true }, { key_validity: { expire_duration: 1200 } }],
    [
      'a lifetime that is wrong',
      { expireDurationInResponse: true, toldDurationSeconds: 7 },
      { key_validity: { expire_duration: 7 } },
    ],
    ['the permissions', { permissionsInResponse: true }, { permissions }],
    [
      'both',
      { expireDurationInResponse: true, permissionsInResponse: true },
      { key_validity: { expire_duration: 1200 }, permissions },
    ],
  ] as [string, Partial<Faults>, object][])('may tell %s', async (_, faults, expected) => {
    const { status, key, hint, ...more } = await answerWith(faults)
    expect([status, key, hint]).toEqual(['success', expect.stringMatching(/^SASS_/), expect.any(String)])
    expect(more).toEqual(expected)
  })

  test('may be the same again while the key is good', async () => {
    const { obtainKey, emulator } = await startWith({ sameKeyAgain: true })
    const key = await obtainKey()
    expect(await obtainKey()).toBe(key)
    emulator.setClock({ advanceMs: 1_200_000 })
    expect(await obtainKey()).not.toBe(key)
  })
})

describe('a key', () => {
  const claimsOf = (key: string) => Object.fromEntries(decodePayload(splitKey(key)?.payload ?? '') ?? [])

  test.each([
    [{}, { age: '1200' }, 64],
    [{ claimsInKey: false }, {}, 64],
    [{ suffixInKey: false }, { age: '1200' }, 0],
    [{ claimsInKey: false, suffixInKey: false }, {}, 0],
    [{ claimedAgeSeconds: 60 }, { age: '60' }, 64],
    [{ validitySeconds: 7, claimedAgeSeconds: 60_000 }, { age: '60000' }, 64],
  ] as [Partial<Faults>, object, number][])('of %o is good until it expires', async (faults, claims, suffixLength) => {
    const { obtainKey, api, emulator } = await startWith(faults)
    const key = await obtainKey()
    const { st, sec, age } = claimsOf(key)
    expect({ ...(age !== undefined && { age }) }).toEqual(claims)
    expect([typeof st, typeof sec]).toEqual(Array(2).fill(faults.claimsInKey === false ? 'undefined' : 'string'))
    expect(splitKey(key)?.suffix).toHaveLength(suffixLength)
    emulator.setClock({ advanceMs: (faults.validitySeconds ?? 1200) * 1000 - 1 })
    expect((await api(LIST, key)).status).toBe(200)
    emulator.setClock({ advanceMs: 1 })
    expect((await refusal(await api(LIST, key))).code).toBe('KEY_EXPIRED')
  })

  test('without a signature cannot be made up', async () => {
    const { obtainKey, api } = await startWith({ suffixInKey: false })
    await obtainKey()
    const { code } = await refusal(await api(LIST, 'SASS__v1.05__AAAA__'))
    expect(code).toBe('ERR_SASS_INVALID')
  })

  const REFUSALS = STATUSES.flatMap(status => (['both', 'code', 'msg'] as const).map(place => [status, place] as const))

  test.each(REFUSALS)('may be refused with the status %i and the word in: %s', async (status, refusalWordIn) => {
    const { obtainKey, api, emulator } = await startWith({
      expiredStatus: status,
      invalidStatus: status,
      refusalWordIn,
    })
    const key = await obtainKey()
    const said = async (value: string) => {
      const response = await api(LIST, value)
      const { code, msg } = (await response.json()) as { code: string; msg: string }
      return { status: response.status, word: { both: [code, msg], code: [code], msg: [msg] }[refusalWordIn] }
    }
    const inAll = (word: string) => ({ status, word: refusalWordIn === 'both' ? [word, word] : [word] })
    expect(await said('SASS_x')).toEqual(inAll('ERR_SASS_INVALID'))
    emulator.expireKeys()
    expect(await said(key)).toEqual(inAll('KEY_EXPIRED'))
  })

  test('may be refused differently when it is expired and when it is invalid', async () => {
    const { obtainKey, api, emulator } = await startWith({ expiredStatus: 401, invalidStatus: 400 })
    const key = await obtainKey()
    expect((await api(LIST, 'SASS_x')).status).toBe(400)
    emulator.expireKeys()
    expect((await api(LIST, key)).status).toBe(401)
  })
})

test('the ways may be mixed', async () => {
  const { requestKey, obtainKey, api, emulator } = await startWith({
    ...{ claimsInKey: false, suffixInKey: false, sameKeyAgain: true, expiredStatus: 200, refusalWordIn: 'msg' },
    ...{ limitStatus: 403, limitWords: 'hint', retryAfter: 'date', exposeRetryAfter: true, limitWindow: 'fixed' },
  })
  emulator.setClock({ offsetMs: 86_400_000 })
  const key = await obtainKey()
  for (let i = 0; i < 4; i++) expect(await obtainKey()).toBe(key)
  const refused = await requestKey()
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([403, 'Thu, 16 Jan 2025 12:01:00 GMT'])
  emulator.expireKeys()
  const answer = await api(LIST, key)
  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ msg: 'KEY_EXPIRED' })])
})

test('a day can be run through in no time', async () => {
  let nowMs = Date.UTC(2025, 0, 15, 12)
  const { requestKey, obtainKey, api, emulator } = await startForTest({ nowMs: () => nowMs })
  for (let hour = 0; hour < 24; hour++) {
    const key = await obtainKey()
    for (let i = 0; i < 4; i++) await requestKey()
    expect((await requestKey()).status).toBe(429)
    const answer = await api(LIST, key)
    expect([answer.status, answer.headers.get('Date')]).toEqual([200, new Date(nowMs).toUTCString()])
    expect(emulator.log.at(-1)?.atMs).toBe(nowMs)
    nowMs += 3_600_000
    expect((await refusal(await api(LIST, key))).code).toBe('KEY_EXPIRED')
  }
  expect(emulator.counters).toMatchObject({ keysIssued: 120, keyRequestsRefused: 24 })
})

test('without a clock of its own it follows the global one, also when that is faked later', async () => {
  const { app } = createEmulator()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2031, 0, 1) })
  try {
    expect((await app.request('/nothing')).headers.get('Date')).toBe('Wed, 01 Jan 2031 00:00:00 GMT')
  } finally {
    vi.useRealTimers()
  }
})
