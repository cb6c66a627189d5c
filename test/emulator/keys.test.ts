import { describe, expect, test } from 'vitest'
import { SEED } from '../../demo/emulator/index.ts'
import { decodePayload, encodePayload, splitKey } from '../../demo/emulator/key-codec.ts'
import { refusal, startForTest, wideTemplate } from './fixture.ts'

const claimsOf = (key: string) => Object.fromEntries(decodePayload(splitKey(key)?.payload ?? '') ?? [])
const LIST = '/v4/files?folder=/inbox'

describe('asking for a key', () => {
  test('gives the documented answer and nothing besides', async () => {
    const { requestKey } = await startForTest()
    const response = await requestKey()
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(await response.json()).toEqual({
      status: 'success',
      key: expect.stringMatching(/^SASS__v1\.05__[A-Za-z0-9+/]+__[0-9a-f]{64}$/),
      hint: 'New key created and ready to use',
    })
  })

  test('gives a key that tells its template, its start by the server’s clock and its limits', async () => {
    const { emulator, obtainKey } = await startForTest({ nowMs: () => 1_700_000_000_999 })
    emulator.setClock({ offsetMs: 10_000 })
    expect(claimsOf(await obtainKey(SEED.narrowTemplateId))).toMatchObject({
      st: '1700000010',
      age: '60',
      sec: SEED.narrowTemplateId,
      udir: ['/inbox'],
      ldir: ['/inbox'],
      d: [`api.filerobot.com/${SEED.token}`],
    })
  })

  test('gives another key each time', async () => {
    const { obtainKey } = await startForTest()
    expect(await obtainKey()).not.toBe(await obtainKey())
  })

  test('puts upload limits and a large mask of permissions into the key', async () => {
    const { emulator, obtainKey } = await startForTest()
    emulator.putTemplate({
      ...wideTemplate,
      permissions: ['OBJECTS_LIST', 'CONFIG_LIST'],
      upload: { total: 9, perMinute: 3, perSourceIp: 5 },
    })
    const claims = claimsOf(await obtainKey(wideTemplate.id))
    expect(claims).toMatchObject({ um: '9', umpm: '3', umip: '5', p: `${(1n << 63n) + 1n}` })
  })

  test('is refused for an unknown project or template, in words that do not suggest a limit', async () => {
    const { call, requestKey } = await startForTest()
    const responses = [await requestKey(`SECU_${'0'.repeat(32)}`), await call(`/nobody/key/${SEED.templateId}`)]
    for (const response of responses) {
      expect(response.status).toBe(404)
      expect(await response.text()).not.toMatch(/limit|rate|many|quota/i)
    }
  })
})

describe('five keys a minute for a template and address', () => {
  async function startAt(startMs: number) {
    let nowMs = startMs
    const started = await startForTest({ nowMs: () => nowMs })
    const statuses = async (count: number) => {
      const seen: number[] = []
      for (let i = 0; i < count; i++) seen.push((await started.requestKey()).status)
      return seen
    }
    return { ...started, statuses, pass: (durationMs: number) => (nowMs += durationMs) }
  }

  test('the sixth is refused until the first is a minute old', async () => {
    const { statuses, pass, emulator } = await startAt(1_700_000_000_000)
    expect(await statuses(6)).toEqual([200, 200, 200, 200, 200, 429])
    pass(59_999)
    expect(await statuses(1)).toEqual([429])
    pass(1)
    expect(await statuses(6)).toEqual([200, 200, 200, 200, 200, 429])
    expect(emulator.counters).toMatchObject({ keyRequests: 13, keysIssued: 10, keyRequestsRefused: 3 })
  })

  test('the window slides, and a refused call does not prolong it', async () => {
    const { statuses, pass } = await startAt(1_700_000_000_000)
    expect(await statuses(2)).toEqual([200, 200])
    pass(30_000)
    expect(await statuses(8)).toEqual([200, 200, 200, 429, 429, 429, 429, 429])
    pass(30_000)
    expect(await statuses(3)).toEqual([200, 200, 429])
  })

  test('or is counted by the clock’s minutes where that guess is switched on', async () => {
    const { statuses, pass, emulator } = await startAt(1_700_000_000_000 - (1_700_000_000_000 % 60_000) + 50_000)
    emulator.setFaults({ limitWindow: 'fixed', retryAfter: 'seconds' })
    expect(await statuses(6)).toEqual([200, 200, 200, 200, 200, 429])
    pass(10_000)
    expect(await statuses(1)).toEqual([200])
  })

  test('a server’s clock that is set anew leaves the window alone; time that passes does not', async () => {
    const { statuses, emulator } = await startAt(1_700_000_000_000)
    await statuses(5)
    emulator.setClock({ offsetMs: 86_400_000 })
    expect(await statuses(1)).toEqual([429])
    emulator.setClock({ advanceMs: 60_000 })
    expect(await statuses(1)).toEqual([200])
  })

  test('templates are counted apart', async () => {
    const { statuses, requestKey } = await startAt(1_700_000_000_000)
    await statuses(6)
    expect((await requestKey(SEED.narrowTemplateId)).status).toBe(200)
  })

  test('addresses are counted apart', async () => {
    const { emulator } = await startAt(1_700_000_000_000)
    const from = async (address: string) =>
      (await emulator.app.request(`/${SEED.token}/key/${SEED.templateId}`, {}, { address })).status
    for (let i = 0; i < 5; i++) await from('10.0.0.1')
    expect([await from('10.0.0.1'), await from('10.0.0.2')]).toEqual([429, 200])
  })
})

describe('using a key', () => {
  test('none, a forged, an altered, a foreign and an empty one are refused', async () => {
    const { api, call, obtainKey } = await startForTest()
    const other = await startForTest()
    const key = await obtainKey()
    const { payload = '', suffix = '' } = splitKey(key) ?? {}
    const claims = decodePayload(payload) ?? []
    const longer = encodePayload(claims.map(([name, value]) => [name, name === 'age' ? '999999' : value]))
    const invalid = { status: 403, code: 'ERR_SASS_INVALID' }

    expect((await api(LIST, key)).status).toBe(200)
    expect(await refusal(await api(LIST, 'SASS_made-up'))).toEqual(invalid)
    expect(await refusal(await api(LIST, `SASS__v1.05__${longer}__${suffix}`))).toEqual(invalid)
    expect(await refusal(await api(LIST, `SASS__v1.05__${payload}__${'0'.repeat(64)}`))).toEqual(invalid)
    expect(await refusal(await api(LIST, await other.obtainKey()))).toEqual(invalid)
    expect(await refusal(await call(`/${SEED.token}${LIST}`))).toEqual({ status: 401, code: 'ERR_KEY_MISSING' })
    expect(await refusal(await api(LIST, ''))).toEqual({ status: 401, code: 'ERR_KEY_MISSING' })
  })

  test('it is refused from the second on in which it expires', async () => {
    let nowMs = 1_700_000_000_000
    const { api, obtainKey } = await startForTest({ nowMs: () => nowMs })
    const key = await obtainKey()
    nowMs += 1_199_999
    expect((await api(LIST, key)).status).toBe(200)
    nowMs += 1
    expect(await refusal(await api(LIST, key))).toEqual({ status: 403, code: 'KEY_EXPIRED' })
  })

  test('all keys can be expired or revoked, which leaves the next one good', async () => {
    const { api, obtainKey, emulator } = await startForTest()
    const key = await obtainKey()
    emulator.expireKeys()
    expect(await refusal(await api(LIST, key))).toEqual({ status: 403, code: 'KEY_EXPIRED' })
    emulator.revokeKeys()
    expect(await refusal(await api(LIST, key))).toEqual({ status: 403, code: 'ERR_SASS_INVALID' })
    emulator.expireKeys()
    expect((await refusal(await api(LIST, key))).code).toBe('ERR_SASS_INVALID')
    expect((await api(LIST, await obtainKey())).status).toBe(200)
  })

  test('a secret key may do everything', async () => {
    const { api, upload } = await startForTest()
    expect((await api(LIST, SEED.secretKey)).status).toBe(200)
    expect((await upload('/anywhere', SEED.secretKey, [new File(['x'], 'x.txt')])).status).toBe(200)
  })

  test('a key does what its template’s permissions say', async () => {
    const { emulator, api, upload, obtainKey } = await startForTest()
    emulator.putTemplate({ ...wideTemplate, permissions: ['OBJECTS_LIST'] })
    const key = await obtainKey(wideTemplate.id)
    expect((await api(LIST, key)).status).toBe(200)
    expect(await refusal(await upload('/inbox', key, [new File(['x'], 'x.txt')]))).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('key/info tells the permissions of a key in the URL, and refuses one that is not good', async () => {
    const { call, obtainKey, emulator } = await startForTest()
    const info = async (key: string) => call(`/${SEED.token}/v4/key/info?key=${key}`)
    const key = await obtainKey(SEED.narrowTemplateId)
    expect(await (await info(key)).json()).toEqual({
      status: 'success',
      is_validate: true,
      is_user_info_included: false,
      permissions: ['OBJECTS_LIST', 'FILE_UPLOAD'],
    })
    emulator.expireKeys()
    expect((await refusal(await info(key))).code).toBe('KEY_EXPIRED')
  })
})
