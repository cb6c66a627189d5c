import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { type Faults, SEED } from '../../demo/emulator/index.ts'
import { askForKey } from '../../src/cli/asking.ts'
import { CommandError } from '../../src/cli/exit-status.ts'
import { type Fixture, readFixture } from '../../src/cli/recording/fixture.ts'
import { EXPIRED_PROBE, LIMIT_PROBE, PROBES } from '../../src/cli/recording/probes.ts'
import { recordService } from '../../src/cli/recording/record.ts'
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
  const folder = mkdtempSync(join(tmpdir(), 'recording-'))
  folders.push(folder)
  const place = { token: SEED.token, templateId: SEED.templateId, apiBase: origin }
  const { key } = await askForKey(place, 10_000)
  if (!key) throw new Error('no key')
  const told: string[] = []
  const output = { write: (text: string) => told.push(text) }
  const wait = async (durationMs: number) => emulator.setClock({ advanceMs: durationMs })
  const recording = { place, key, timeoutMs: 10_000, folder, recordLimit: true, recordExpired: true, wait }
  await recordService(recording, createTerminal(output, output, {}))
  return { folder, key: key.value, emulator, told: told.join(''), fixtures: fixturesIn(folder) }
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

  test('is not written where an answer holds a part of the key that was not found', async () => {
    const { folder, key } = await recordEmulator()
    const apart = fixturesIn(folder)[0]!
    const { createPlaceholders } = await import('../../src/cli/recording/placeholders.ts')
    const { token, templateId } = SEED
    const placeholders = createPlaceholders({ token, templateId, folder: '/', key })
    expect(placeholders.leaks(JSON.stringify(apart))).toBe(false)
    expect(placeholders.leaks(`part ${key.slice(20, 40)}`)).toBe(true)
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
