import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FAULT_SPECS } from '../../demo/emulator/fault-specs.ts'
import { type Faults, SEED } from '../../demo/emulator/index.ts'
import { refusal, startForTest, textFile } from './fixture.ts'

const LIST = '/v4/files?folder=/inbox'

async function startWith(faults: Partial<Faults>) {
  const started = await startForTest()
  started.emulator.setFaults(faults)
  return started
}

test('the README lists each fault, with all that it may be, and no other', () => {
  const readme = readFileSync(new URL('../../demo/emulator/README.md', import.meta.url), 'utf8')
  const [, table = ''] = /^## Faults\n(.*?)^## /ms.exec(readme) ?? []
  const rows = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|(.*)$/gm)].map(
    ([, names, rest]) => [names!, rest!] as const,
  )
  const listed = rows.flatMap(([names]) => names.match(/\w+/g)!)
  expect(listed.sort()).toEqual(FAULT_SPECS.map(({ name }) => name).sort())
  // What several have in common is told once, in a row of its own.
  for (const { name, values = [] } of FAULT_SPECS) {
    const [, row = ''] = rows.find(([names]) => names.includes(`\`${name}\``)) ?? []
    const absent = values.filter(value => !row.includes(`${value}`) && !table.includes(`\`${value}\``))
    expect(absent, name).toEqual([])
  }
})

describe('the key endpoint', () => {
  test.each([
    ['too_many', 429, 'RATE_LIMIT_EXCEEDED'],
    ['server_error', 500, 'ERR_SERVER'],
    ['template_rejected', 404, 'SECURITY_TEMPLATE_NOT_FOUND'],
  ] as const)('answers %s', async (keyAnswer, status, code) => {
    const { requestKey } = await startWith({ keyAnswer })
    expect(await refusal(await requestKey())).toEqual({ status, code })
  })

  test.each([500, 502, 503, 504, 408] as const)('fails with the status %i', async errorStatus => {
    const { requestKey } = await startWith({ keyAnswer: 'server_error', errorStatus })
    expect(await refusal(await requestKey())).toEqual({ status: errorStatus, code: 'ERR_SERVER' })
  })

  test('answers a web page', async () => {
    const { requestKey } = await startWith({ keyAnswer: 'html' })
    const response = await requestKey()
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8'])
  })

  test('answers nothing', async () => {
    const { requestKey } = await startWith({ keyAnswer: 'empty' })
    expect(await (await requestKey()).text()).toBe('')
  })

  test('answers far too much', async () => {
    const { requestKey } = await startWith({ keyAnswer: 'huge' })
    expect((await (await requestKey()).text()).length).toBeGreaterThan(1_000_000)
  })

  test('answers without a key, or with something else', async () => {
    const { requestKey, obtainKey, emulator } = await startWith({ keyAnswer: 'no_key' })
    expect(await (await requestKey()).json()).not.toHaveProperty('key')
    emulator.setFaults({ keyAnswer: 'wrong_prefix' })
    expect(await obtainKey()).toMatch(/^PASS_/)
  })

  test('answers its last key again, dead as it is, and a first one where there was none', async () => {
    const { obtainKey, emulator } = await startWith({ keyAnswer: 'old_key' })
    const key = await obtainKey()
    expect(key).toMatch(/^SASS_/)
    emulator.expireKeys()
    expect(await obtainKey()).toBe(key)
  })

  test('hangs until the emulator is reset', async () => {
    const { requestKey, emulator } = await startWith({ keyAnswer: 'hang' })
    const request = requestKey()
    await expect.poll(() => emulator.counters.keyRequests).toBe(1)
    emulator.reset()
    await expect(request).rejects.toThrow('fetch failed')
  })

  test('spends none of the five on an answer that is a fault', async () => {
    const { requestKey, emulator } = await startWith({ keyAnswer: 'server_error' })
    for (let i = 0; i < 5; i++) await requestKey()
    emulator.clearFaults()
    expect((await requestKey()).status).toBe(200)
  })
})

describe.each([
  ['apiAnswer', `/${SEED.token}${LIST}`],
  ['deliveryAnswer', `/cdn/${SEED.token}/photos/fjord.png`],
] as const)('%s', (name, path) => {
  const started = async (answer: Faults['apiAnswer'], more: Partial<Faults> = {}) => {
    const { call, obtainKey, emulator } = await startForTest()
    const headers = { 'X-Filerobot-Key': await obtainKey() }
    emulator.setFaults({ [name]: answer, ...more })
    return { emulator, ask: (init: RequestInit = {}) => call(path, { headers, ...init }) }
  }

  test('server_error and forbidden', async () => {
    expect((await refusal(await (await started('server_error')).ask())).status).toBe(500)
    expect(await refusal(await (await started('forbidden')).ask())).toEqual({ status: 403, code: 'FORBIDDEN' })
  })

  test('html', async () => {
    const response = await (await started('html')).ask()
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('<!doctype html>')])
  })

  test('redirect', async () => {
    const { ask } = await started('redirect', { redirectTo: 'https://example.com/there' })
    const response = await ask({ redirect: 'manual' })
    expect([response.status, response.headers.get('Location')]).toEqual([302, 'https://example.com/there'])
  })

  test('a redirect shows in the log whether the key came along', async () => {
    const { ask, emulator } = await started('redirect')
    expect((await ask()).status).toBe(404)
    expect(emulator.log.at(-1)).toMatchObject({ path: '/redirected', kind: 'other', keyIn: 'header' })
  })
})

test('answers are delayed, the key endpoint’s the longer, and have taken effect before', async () => {
  const { requestKey, api, obtainKey, waitedMs, emulator } = await startWith({ latencyMs: 100, keyLatencyMs: 2000 })
  await requestKey()
  expect(waitedMs.splice(0)).toEqual([2100])
  await api(LIST, await obtainKey())
  expect(waitedMs).toEqual([2100, 100])
  expect(emulator.counters.keysIssued).toBe(2)
})

test('uploads are read at the speed that is set', async () => {
  const { upload, obtainKey, waitedMs } = await startWith({ uploadBytesPerSecond: 1000 })
  await upload('/inbox', await obtainKey(), [textFile('long.txt', 'x'.repeat(100_000))])
  const totalMs = waitedMs.reduce((sum, ms) => sum + ms, 0)
  expect(totalMs).toBeGreaterThan(100_000)
  expect(totalMs).toBeLessThan(101_000)
})

test('a fault that is unknown or of the wrong type is named, and none of its companions is switched on', async () => {
  const { emulator } = await startForTest()
  expect(() => emulator.setFaults({ latencyMs: 5, keyAnswer: 'odd', slow: 1 } as never)).toThrow(
    /keyAnswer must be one of .*; slow is not a fault/,
  )
  expect(emulator.faults.latencyMs).toBe(0)
})

describe('faults of one call alone', () => {
  test('key/info fails, and lists do not', async () => {
    const { obtainKey, api } = await startWith({ keyInfoAnswer: 'server_error' })
    const key = await obtainKey()
    expect((await api(`/v4/key/info?key=${key}`, key)).status).toBe(500)
    expect((await api(LIST, key)).status).toBe(200)
  })

  test('an upload is answered with a web page and stores nothing, and lists go on', async () => {
    const { emulator, obtainKey, api, upload } = await startWith({ uploadAnswer: 'html' })
    const key = await obtainKey()
    expect((await upload('/inbox', key, [textFile()])).status).toBe(502)
    expect((await api(LIST, key)).status).toBe(200)
    expect(emulator.files('/inbox')).toEqual([])
  })

  test('an answer of an upload is held back alone', async () => {
    const { emulator, obtainKey, api, upload } = await startWith({ holdAnswers: 'upload' })
    const key = await obtainKey()
    const uploaded = upload('/inbox', key, [textFile()])
    await expect.poll(() => emulator.heldAnswers).toBe(1)
    expect((await api(LIST, key)).status).toBe(200)
    expect(emulator.release()).toBe(1)
    expect((await uploaded).status).toBe(200)
  })
})

describe('a key that expires while a body arrives', () => {
  test.each([
    ['headers', 200],
    ['end', 403],
  ] as const)('is judged at the %s', async (keyJudgedAt, status) => {
    let emulator: Awaited<ReturnType<typeof startForTest>>['emulator'] | undefined
    const started = await startForTest({ wait: async () => emulator?.expireKeys() })
    emulator = started.emulator
    emulator.setFaults({ keyJudgedAt, uploadBytesPerSecond: 1 })
    const key = await started.obtainKey()
    expect((await started.upload('/inbox', key, [textFile()])).status).toBe(status)
    expect(emulator.files('/inbox')).toHaveLength(status === 200 ? 1 : 0)
  })
})
