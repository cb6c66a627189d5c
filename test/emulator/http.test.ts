import { describe, expect, test } from 'vitest'
import { SEED } from '../../demo/emulator/index.ts'
import { startForTest, textFile } from './fixture.ts'

const PAGE = 'http://localhost:5173'
const LIST = `/${SEED.token}/v4/files?folder=/inbox`

describe('pages of other origins', () => {
  const preflight = { method: 'OPTIONS', headers: { Origin: PAGE, 'Access-Control-Request-Method': 'GET' } }

  test('may send the key, and their preflights are answered and counted', async () => {
    const { call, emulator } = await startForTest()
    const { status, headers } = await call(LIST, preflight)
    expect(status).toBe(204)
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(headers.get('Access-Control-Allow-Headers')).toMatch(/X-Filerobot-Key, Content-Type/)
    expect(headers.get('Access-Control-Max-Age')).toBeNull()
    expect(headers.get('Access-Control-Allow-Private-Network')).toBeNull()
    expect(emulator.counters.preflights).toBe(1)
    expect(emulator.log).toMatchObject([{ kind: 'preflight', origin: PAGE }])
  })

  test('may remember a preflight where that is switched on', async () => {
    const { call, emulator } = await startForTest()
    emulator.setFaults({ corsMaxAgeSeconds: 600 })
    expect((await call(LIST, preflight)).headers.get('Access-Control-Max-Age')).toBe('600')
  })

  test('may reach this machine from the network, which Chromium asks first', async () => {
    const { call } = await startForTest()
    const headers = { ...preflight.headers, 'Access-Control-Request-Private-Network': 'true' }
    const response = await call(LIST, { ...preflight, headers })
    expect(response.headers.get('Access-Control-Allow-Private-Network')).toBe('true')
  })

  test('may read refusals, unless CORS is switched off', async () => {
    const { call, emulator } = await startForTest()
    expect((await call(LIST)).headers.get('Access-Control-Allow-Origin')).toBe('*')
    emulator.setFaults({ corsOff: true, exposeDate: true })
    const answers = [await call(LIST), await call(LIST, preflight)]
    for (const { headers } of answers)
      expect(Array.from(headers.keys()).filter(name => name.startsWith('access-control-'))).toEqual([])
  })
})

describe('the log', () => {
  test('tells what came, without the admin’s own calls and without a key', async () => {
    const { call, obtainKey, api, upload } = await startForTest()
    const key = await obtainKey()
    await api('/v4/files?folder=/inbox', key, { headers: { Origin: PAGE } })
    await call(`/${SEED.token}/v4/key/info?key=${key}`)
    await api(`/v5/settings?key=${key}`, key)
    await upload('/inbox', key, [textFile()])
    await call(`/cdn/${SEED.token}/inbox/note.txt`)
    await call(`/somewhere/${key}`)

    const text = await (await call('/_emulator/log')).text()
    expect(text).not.toContain(key)
    const { entries } = JSON.parse(text) as { entries: { id: number; keyLabel: string; bytesIn: number }[] }
    expect(entries).toMatchObject([
      { kind: 'key', status: 200, keyIn: 'none', keyLabel: '' },
      { kind: 'list', status: 200, keyIn: 'header', origin: PAGE },
      { kind: 'key_info', status: 200, keyIn: 'url', path: `/${SEED.token}/v4/key/info?key=SASS_…` },
      { kind: 'api', status: 200, keyIn: 'both' },
      { kind: 'upload', status: 200, method: 'POST' },
      { kind: 'delivery', status: 200, bytesOut: 5 },
      { kind: 'other', status: 404, keyIn: 'url', path: '/somewhere/SASS_…' },
    ])
    expect(new Set(entries.map(entry => entry.keyLabel)).size).toBe(2)
    expect(entries[4]?.bytesIn).toBeGreaterThan(100)

    const after = await call(`/_emulator/log?after=${entries[5]?.id}`)
    expect(((await after.json()) as { entries: unknown[] }).entries).toHaveLength(1)
  })

  test('keeps the last 5,000 and counts on after a reset', async () => {
    const { emulator, call } = await startForTest()
    for (let i = 0; i < 5600; i++) await emulator.app.request('/nothing')
    expect(emulator.log).toHaveLength(5000)
    expect(emulator.log.at(-1)?.id).toBe(5600)
    emulator.reset()
    await call('/nothing')
    expect(emulator.log.map(entry => entry.id)).toEqual([5601])
  })
})

describe('the admin API', () => {
  const post = (body?: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) ?? null })

  test('tells the state', async () => {
    const { call, requestKey } = await startForTest()
    await requestKey()
    const response = await call('/_emulator/state')
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(await response.json()).toMatchObject({
      nowMs: Date.UTC(2025, 0, 15, 12),
      projects: [SEED.token],
      templates: [
        { id: SEED.templateId, validitySeconds: 1200, upload: { fileSizeBytes: 500_000_000 } },
        { id: SEED.narrowTemplateId, validitySeconds: 60 },
      ],
      counters: { keysIssued: 1, keyRequests: 1, keyRequestsRefused: 0, preflights: 0, uploads: 0, deliveries: 0 },
      faults: { keyAnswer: 'normal', limitStatus: 429 },
    })
  })

  test('switches faults on, names those that are wrong, and clears them', async () => {
    const { call, emulator } = await startForTest()
    expect((await call('/_emulator/faults', post({}))).status).toBe(200)
    await call('/_emulator/faults', post({ latencyMs: 5 }))
    expect(emulator.faults.latencyMs).toBe(5)
    const wrong = await call('/_emulator/faults', post({ latencyMs: '5', toString: 1 }))
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toMatch(/latencyMs must be.*toString is not a fault/)
    expect((await call('/_emulator/faults', post([]))).status).toBe(400)
    await call('/_emulator/faults', { method: 'DELETE' })
    expect(emulator.faults.latencyMs).toBe(0)
  })

  test('is itself never slow, broken or without CORS', async () => {
    const { call, emulator, waitedMs } = await startForTest()
    emulator.setFaults({ latencyMs: 9, apiAnswer: 'drop', keyAnswer: 'drop', corsOff: true })
    const response = await call('/_emulator/state')
    expect([response.status, response.headers.get('Access-Control-Allow-Origin'), waitedMs]).toEqual([200, '*', []])
  })

  test('sets the clock and lets time pass', async () => {
    const { call } = await startForTest({ nowMs: () => 1000 })
    const nowMs = async (change: unknown) =>
      ((await (await call('/_emulator/clock', post(change))).json()) as { nowMs: number }).nowMs
    expect(await nowMs({ offsetMs: 500 })).toBe(1500)
    expect(await nowMs({ advanceMs: 70 })).toBe(1570)
    expect(await nowMs({ offsetMs: 0 })).toBe(1000)
    for (const wrong of [{}, { advanceMs: -1 }, { offsetMs: '1' }, { other: 1 }, 5])
      expect((await call('/_emulator/clock', post(wrong))).status).toBe(400)
  })

  test('uses up the minute of the caller’s address, as others behind it would', async () => {
    const { call, requestKey, emulator } = await startForTest()
    await requestKey()
    const [token, templateId] = [SEED.token, SEED.templateId]
    expect((await call('/_emulator/keys/use-up', post({ token, templateId }))).status).toBe(200)
    expect((await requestKey()).status).toBe(429)
    expect((await requestKey(SEED.narrowTemplateId)).status).toBe(200)
    emulator.setFaults({ callerAddress: '203.0.113.9' })
    expect((await requestKey()).status).toBe(200)
    emulator.setClock({ advanceMs: 60_000 })
    emulator.clearFaults()
    expect((await requestKey()).status).toBe(200)
    for (const wrong of [{ token }, 5, { token, templateId: 'SECU_1' }])
      expect((await call('/_emulator/keys/use-up', post(wrong))).status).toBe(404)
  })

  test('expires and revokes keys', async () => {
    const { call, api, obtainKey } = await startForTest()
    const key = await obtainKey()
    await call('/_emulator/keys/expire', post())
    expect(await (await api('/v4/files', key)).text()).toContain('KEY_EXPIRED')
    await call('/_emulator/keys/revoke', post())
    expect(await (await api('/v4/files', key)).text()).toContain('ERR_SASS_INVALID')
  })

  test('adds a template, and names what is wrong with one', async () => {
    const { call, requestKey } = await startForTest()
    const id = 'SECU_ABCDEFABCDEFABCDEFABCDEFABCDEFAB'
    const good = { id, token: SEED.token, permissions: ['OBJECTS_LIST'], keyRequestsPerMinute: 1 }
    expect((await call('/_emulator/templates', post(good))).status).toBe(200)
    expect([(await requestKey(id)).status, (await requestKey(id)).status]).toEqual([200, 429])
    const wrong = { ...good, id: 'SECU_1', permissions: ['ALL'], upload: { total: -1, speed: 2 }, extra: 1 }
    const refused = await call('/_emulator/templates', post(wrong))
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('id, permissions, upload.total, upload.speed, extra'),
    ])
  })

  test('resets everything to the seed', async () => {
    const { call, upload, obtainKey, emulator, api } = await startForTest()
    const key = await obtainKey()
    await upload('/inbox', key, [textFile()])
    emulator.setClock({ offsetMs: 99 })
    emulator.setFaults({ latencyMs: 1 })
    await call('/_emulator/reset', post())
    expect((await api('/v4/files', key)).status).toBe(403)
    const state = (await (await call('/_emulator/state')).json()) as { offsetMs: number; counters: { uploads: number } }
    expect([state.offsetMs, state.counters.uploads, emulator.faults.latencyMs]).toEqual([0, 0, 0])
  })
})
