import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { type Faults, SEED } from '../../demo/emulator/index.ts'
import { askForKey, type Place } from '../../src/cli/asking.ts'
import { CommandError } from '../../src/cli/exit-status.ts'
import { type Fixture, readFixture } from '../../src/cli/recording/fixture.ts'
import { EXPIRED_PROBE, LIMIT_PROBE, PROBES } from '../../src/cli/recording/probes.ts'
import { type Recording, recordService } from '../../src/cli/recording/record.ts'
import { createTerminal } from '../../src/cli/terminal.ts'
import { differences } from './compare-recording.ts'
import { startForTest } from './fixture.ts'

/** Made by `filerobot-widget-auth check --record`, with the real service. */
const ofTheService = fileURLToPath(new URL('./recordings/', import.meta.url))

const filesIn = (folder: string) => readdirSync(folder).filter(name => name.endsWith('.json'))
const fixturesIn = (folder: string) =>
  filesIn(folder).map(name => readFixture(readFileSync(join(folder, name), 'utf8')))

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Records an emulator that has some faults, as the command line does, and returns what it wrote. */
async function recordEmulator(faults: Partial<Faults> = {}) {
  const { origin, emulator } = await startForTest({ nowMs: () => Date.now() })
  emulator.setFaults(faults)
  const place = { token: SEED.token, templateId: SEED.templateId, apiBase: origin }
  const wait = async (durationMs: number) => emulator.setClock({ advanceMs: durationMs })
  return { emulator, ...(await record(place, { recordLimit: true, recordExpired: true, wait })) }
}

/** Records as the command line does, to a new folder. */
async function record(place: Place, options: Partial<Recording> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'))
  folders.push(folder)
  const { key } = await askForKey(place, 10_000)
  if (!key) throw new Error('no key')
  const told: string[] = []
  const output = { write: (text: string) => told.push(text) }
  const recording = { place, key, timeoutMs: 10_000, folder, recordLimit: false, recordExpired: false, ...options }
  await recordService(recording, createTerminal(output, output, {}))
  return { folder, key: key.value, told: told.join(''), fixtures: fixturesIn(folder) }
}

test('the emulator answers as the real service did', async ({ skip }) => {
  const fixtures = fixturesIn(ofTheService)
  if (fixtures.length === 0) {
    skip(
      'no recording of the real service is in test/emulator/recordings, so what the emulator guesses is unverified; ' +
        '`npx filerobot-widget-auth check --token … --template … --record test/emulator/recordings` makes one',
    )
  }
  expect(await differences(await startForTest(), fixtures)).toEqual([])
})

describe('a recording', () => {
  test('has a file for each probe, with its request and the answer', async () => {
    const { fixtures, folder, told } = await recordEmulator()
    const names = [...PROBES, LIMIT_PROBE, EXPIRED_PROBE].map(({ name }) => name)
    expect(filesIn(folder).sort()).toEqual(names.map(name => `${name}.json`).sort())
    const statuses = Object.fromEntries(fixtures.map(({ probe, response }) => [probe, response.status]))
    expect(statuses).toEqual({
      key: 200,
      'key-again': 200,
      'key-wrong-template': 404,
      'key-wrong-token': 404,
      'key-info': 200,
      'key-info-by-header': 403,
      list: 200,
      'list-without-key': 401,
      'list-altered-key': 403,
      'list-preflight': 204,
      'upload-preflight': 204,
      'key-limit': 429,
      'list-expired-key': 403,
    })
    for (const name of names) expect(told).toContain(`${name}.json`)
  })

  test('takes three of the five keys of a minute, unless it is to find the limit', async () => {
    expect(PROBES.filter(({ path }) => path === '/{token}/key/{template}')).toHaveLength(2)
    const { emulator } = await recordEmulator({ rateLimitOff: true })
    // The first, two probes, two that are refused for what they name, and six in search of a limit that there is not.
    expect(emulator.counters.keyRequests).toBe(1 + 2 + 2 + 6)
  })

  test('holds no key, project or template, also where an answer repeats them (rule 14)', async () => {
    const { folder, key } = await recordEmulator({ expireDurationInResponse: true, permissionsInResponse: true })
    const text = filesIn(folder)
      .map(name => readFileSync(join(folder, name), 'utf8'))
      .join('\n')
    const [, , payload = '', signature = ''] = key.split('__')
    for (const secret of [key, payload, signature, SEED.token, SEED.templateId]) expect(text).not.toContain(secret)
    for (let at = 0; at + 16 <= payload.length; at++) expect(text).not.toContain(payload.slice(at, at + 16))
    expect(text).toContain('"SASS__v1.05__key2xxx')
    expect(text).toContain('"fid": "16 hexadecimal digits"')
    expect(text).toContain('"age": "1200"')
  })

  test('tells whether the same key came again', async () => {
    const keyIn = (fixtures: Fixture[], probe: string) =>
      (fixtures.find(fixture => fixture.probe === probe)!.response.body as { key: string }).key
    const { fixtures: another } = await recordEmulator()
    expect(keyIn(another, 'key')).not.toBe(keyIn(another, 'key-again'))
    const { fixtures: same } = await recordEmulator({ sameKeyAgain: true })
    expect(keyIn(same, 'key')).toBe(keyIn(same, 'key-again'))
  })

  test('tells of people’s files only that they are there', async () => {
    const { fixtures } = await recordEmulator()
    const list = fixtures.find(({ probe }) => probe === 'list')!.response.body as { files: object[]; base: unknown }
    expect(list).toMatchObject({ status: 'success', base: { path: '…', visibility: '…' }, files: [] })
  })

  describe('of a service that repeats keys', () => {
    /** Gives a key, and answers everything else with what `echo` makes of the key that it was sent. */
    async function recordEcho(echo: (key: string) => string) {
      const key = `SASS__v1.05__${'Ab/+'.repeat(30)}__${'0f'.repeat(20)}`
      const server = createServer(({ url = '', headers }, response) => {
        const sent = headers['x-filerobot-key'] ?? new URL(url, 'http://x').searchParams.get('key')
        const body = sent ? echo(String(sent)) : JSON.stringify({ status: 'success', key })
        response.writeHead(200, { 'X-Echo': sent ?? '', Location: `/?key=${encodeURIComponent(key)}` }).end(body)
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      try {
        return await record({ token: SEED.token, templateId: SEED.templateId, apiBase })
      } finally {
        server.close()
        server.closeAllConnections()
      }
    }

    test.each([
      ['in JSON', (key: string) => JSON.stringify({ status: 'error', msg: `no: ${key}`, [key]: [key] })],
      ['in JSON with slashes escaped', (key: string) => `{"msg":"${key.replaceAll('/', '\\/')}"}`],
      ['in a page', (key: string) => `<h1>${key}</h1> <a href="?key=${encodeURIComponent(key)}">`],
      ['in JSON within a page', (key: string) => `<script>x = "${key.replaceAll('/', '\\/')}"</script>`],
      ['and another one', () => '{"other":"SASS__v1.05__c2VjcmV0c2VjcmV0__00ff"}'],
    ])('holds none of them: %s (rule 14)', async (_, echo) => {
      const { folder, key } = await recordEcho(echo)
      const text = filesIn(folder)
        .map(name => readFileSync(join(folder, name), 'utf8'))
        .join('\n')
      expect(text).not.toMatch(/(Ab\/\+){2}|(Ab\\\/\+){2}|(Ab%2F%2B){2}|(0f){5}|c2VjcmV0/)
      expect(text).not.toContain(key)
      expect(text).toContain('SASS_')
    })

    test('is not written where a part of a key is left', async () => {
      const echo = (key: string) => `not ${key.slice(20, 40)}`
      await expect(recordEcho(echo)).rejects.toThrow(
        'key-info: not written, as a part of the key is left in the answer.',
      )
    })
  })

  test('ends with an error that names the probe, and no key, where an answer does not come', async () => {
    await expect(recordEmulator({ apiAnswer: 'drop' })).rejects.toThrow(
      new CommandError('key-info: no answer (UND_ERR_SOCKET).'),
    )
  })
})

describe('comparing a recording with the emulator', () => {
  test('finds nothing in one of the emulator itself', async () => {
    const { fixtures } = await recordEmulator()
    expect(fixtures).toHaveLength(PROBES.length + 2)
    expect(await differences(await startForTest(), fixtures)).toEqual([])
  })

  test.each([
    [{ limitStatus: 403, limitWords: 'hint' }, ["the service's status is 403, ours 429", "service's body.code"]],
    [{ limitWords: 'html' }, ["the service's content-type is text/html, ours application/json", 'one body is JSON']],
    [{ retryAfter: 'seconds' }, ["key-limit: the service's retry-after is seconds, ours absent"]],
    [{ exposeDate: true }, ["key: the service's access-control-expose-headers is date, ours absent"]],
    [{ rejectedStatus: 200 }, ["key-wrong-token: the service's status is 200, ours 404"]],
    [{ expiredStatus: 401 }, ["list-expired-key: the service's status is 401, ours 403"]],
    [{ invalidStatus: 400 }, ["list-altered-key: the service's status is 400, ours 403"]],
    [{ refusalWordIn: 'msg' }, ["list-altered-key: the service's body.code is ERR_REFUSED, ours ERR_SASS_INVALID"]],
    [{ sameKeyAgain: true }, ["key-again: the service's body.key is SASS__v1.05__key1, ours SASS__v1.05__key3"]],
    [{ claimsInKey: false }, ["key: the service's keys claim nothing, ours age, d, fid, "]],
    [{ expireDurationInResponse: true }, ["key: only the service's has body.key_validity"]],
    [{ permissionsInResponse: true }, ["key: only the service's has body.permissions"]],
    [{ corsMaxAgeSeconds: 600 }, ["list-preflight: the service's access-control-max-age is 600, ours absent"]],
    [{ corsOff: true }, ["list: the service's access-control-allow-origin is absent, ours *"]],
  ] as [Partial<Faults>, string[]][])('finds out a service that has %o', async (faults, expected) => {
    const { fixtures } = await recordEmulator(faults)
    const found = (await differences(await startForTest(), fixtures)).join('\n')
    for (const words of expected) expect(found).toContain(words)
  })

  test.each([
    ['a status', (it: Fixture) => ({ ...it, response: { ...it.response, status: 418 } }), 'status is 418, ours'],
    [
      'a field',
      (it: Fixture) => ({ ...it, response: { ...it.response, body: { more: 1 } } }),
      "only the service's has body.more",
    ],
  ])('finds out a file in which %s was changed', async (_, change, expected) => {
    const { fixtures } = await recordEmulator()
    const found = await differences(await startForTest(), [change(fixtures.find(({ probe }) => probe === 'list')!)])
    expect(found.join()).toContain(expected)
  })

  test('refuses a file that is no recording', () => {
    expect(() => readFixture('{"format":2}')).toThrow('This is no recording of format 1')
  })
})
