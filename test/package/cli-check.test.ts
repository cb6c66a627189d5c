import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import {
  type Faults,
  type RunningEmulator,
  SEED,
  startEmulator,
  type TemplateInput,
} from '../../demo/emulator/index.ts'
import { run, runForKey } from './command-line.ts'
import { output } from './process.ts'

const SECRET = '0123456789abcdef0123456789abcdef'
const docs = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8')

let api: RunningEmulator
beforeAll(async () => {
  api = await startEmulator({ drawAtStart: false })
})
beforeEach(() => api.emulator.reset())
afterAll(() => api.close())

const at = (templateId: string = SEED.templateId) => [
  'check',
  ...['--token', SEED.token, '--template', templateId, '--api-base', api.origin],
]
const check = (...more: string[]) => run(...at(), ...more)

/** A row of a table, its lines joined. */
function row(text: string, name: string): string | undefined {
  const lines = text.split('\n')
  const first = lines.findIndex(line => line.startsWith(`  ${name} `))
  if (first === -1) return undefined
  const column = new RegExp(`^ {2}${name} +`).exec(lines[first]!)![0].length
  const rest = lines.slice(first + 1).findIndex(line => !line.startsWith(' '.repeat(column)))
  return [lines[first]!, ...lines.slice(first + 1, first + 1 + rest)].map(line => line.slice(column)).join(' ')
}

/** Puts a template of its own into the emulator. */
function template(given: Partial<TemplateInput>): string[] {
  const id = 'SECU_0123456789ABCDEF0123456789ABCDEF'
  api.emulator.putTemplate({ id, token: SEED.token, ...given })
  return at(id)
}

/** In the documentation a moment stands for any. */
const withoutTimes = (text: string) => text.replaceAll(/\b\d\d:\d\d:\d\d\b/g, '14:03:27').trim()

describe('check, of a key that was given,', () => {
  it('says what the documentation shows, of a broad template', async () => {
    const { status, stdout, stderr } = await check()
    expect(docs).toContain(withoutTimes(stdout))
    expect([status, stderr]).toEqual([0, ''])
  })

  it('says what the documentation shows, of a narrow one', async () => {
    const { status, stdout } = await run(...at(SEED.narrowTemplateId), '--ask-permissions')
    expect(docs).toContain(withoutTimes(stdout))
    expect(status).toBe(0)
  })

  it('finds nothing too broad in a template for one folder and a number of files', async () => {
    const { status, stdout } = await run(
      ...template({
        permissions: ['OBJECTS_LIST', 'FILE_UPLOAD'],
        sourceIpRanges: ['127.0.0.0/8', '10.0.0.0/8'],
        upload: { folders: ['/inbox'], perMinute: 10, total: 100, perSourceIp: 50 },
        listing: { folders: ['/inbox/*'] },
      }),
      '--strict',
    )
    expect(row(stdout, 'Uploads')).toBe('into /inbox itself; at most 100 in all, 10 a minute, 50 for an address')
    expect(row(stdout, 'Listing')).toBe('of /inbox and its sub-folders')
    expect(row(stdout, 'Addresses')).toBe('127.0.0.0/8, 10.0.0.0/8')
    expect(stdout).not.toContain('too broad')
    expect(status).toBe(0)
  })

  it('warns of permissions to change what is there, and of a long life', async () => {
    const { stdout } = await run(
      ...template({ permissions: ['OBJECTS_LIST', 'FILE_DELETE', 'CONFIG_CHANGE'], validitySeconds: 7200 }),
      '--ask-permissions',
    )
    expect(row(stdout, 'Permissions')).toBe("list files, delete files, change the project's configuration")
    expect(row(stdout, 'permissions')).toMatch(
      /^Whoever opens the page may delete files, change the project's configuration/,
    )
    expect(row(stdout, 'lifetime')).toMatch(/^Whoever copies a key may use it for 2 h/)
  })

  it('ends with 3 where it is to be strict and something looks too broad', async () => {
    expect((await check('--strict')).status).toBe(3)
  })

  it('takes the names of permissions out of the answer where they are there, and never out of the mask', async () => {
    expect(row((await check()).stdout, 'Permissions')).toMatch(/^not told by name; .* not published; --ask-permissions/)
    api.emulator.setFaults({ permissionsInResponse: true })
    expect(row((await check()).stdout, 'Permissions')).toMatch(/^list files, fetch files, upload files,/)
  })

  it('asks for them only when it is told to, since the key is in that address', async () => {
    await check()
    expect(api.emulator.log.map(({ kind, keyIn }) => [kind, keyIn])).toEqual([['key', 'none']])
    await check('--ask-permissions')
    expect(api.emulator.log.slice(1).map(({ kind, keyIn }) => [kind, keyIn])).toEqual([
      ['key', 'none'],
      ['key_info', 'url'],
    ])
  })

  it('says so where they were asked for and not told', async () => {
    api.emulator.setFaults({ keyInfoAnswer: 'server_error' })
    const { stdout, status } = await check('--ask-permissions')
    expect(row(stdout, 'Permissions')).toContain('key/info was asked and does not tell them')
    expect(status).toBe(0)
  })

  it.each([
    [{ claimsInKey: false }, /^after 20 min, at [\d:]+: not told, so this is what the library takes$/],
    [{ claimsInKey: false, expireDurationInResponse: true }, /^after 20 min, at [\d:]+, as the response says$/],
    [
      { expireDurationInResponse: true, toldDurationSeconds: 90 },
      /^after 1 min 30 s, at [\d:]+, as the response says$/,
    ],
    [{ validitySeconds: 45 }, /^after 45 s, at [\d:]+, as the key says$/],
  ] as [Partial<Faults>, RegExp][])('says who told when it expires: %o', async (faults, expected) => {
    api.emulator.setFaults(faults)
    expect(row((await check()).stdout, 'Expires')).toMatch(expected)
  })

  it('says that it cannot judge a key that does not decode, and strictly that is not enough', async () => {
    api.emulator.setFaults({ claimsInKey: false })
    const { stdout, status } = await check('--strict')
    expect(row(stdout, 'Contents')).toMatch(/^cannot be read/)
    expect(row(stdout, 'contents')).toMatch(/could not be looked at/)
    expect(status).toBe(3)
  })

  it.each([
    [86_400_000, /^this machine's is (1 day|23 h 59 min) behind the service's$/],
    [-86_400_000, /^this machine's is 1 day ahead of the service's$/],
    [0, /^this machine's agrees with the service's$/],
  ])('compares the clocks, the service’s %i ms ahead', async (offsetMs, expected) => {
    api.emulator.setClock({ offsetMs })
    expect(row((await check()).stdout, 'Clock')).toMatch(expected)
  })

  it('prints the key with --print-key only (rule 14)', async () => {
    expect((await check('--json')).stdout).not.toContain('SASS')
    const { stdout } = await runForKey(...at(), '--print-key')
    const key = stdout.trim().split('\n').at(-1)!
    const answer = await fetch(`${api.origin}/${SEED.token}/v4/files?folder=/`, { headers: { 'X-Filerobot-Key': key } })
    expect(answer.status).toBe(200)
  })

  it('writes for programs', async () => {
    const { stdout, status } = await runForKey(...at(), '--json', '--print-key', '--ask-permissions')
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      token: SEED.token,
      templateId: SEED.templateId,
      apiBase: api.origin,
      key: expect.stringMatching(/^SASS__v1\.05__/),
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
      lifetimeSeconds: 1200,
      lifetimeToldBy: 'key',
      permissions: expect.arrayContaining(['OBJECTS_LIST']),
      claims: { ageSeconds: 1200, permissions: '9223372041149743119', other: ['fid'] },
      clock: { agrees: true },
      tooBroad: [{ about: 'uploads' }, { about: 'uploads' }, { about: 'listing' }],
    })
    expect(status).toBe(0)
  })
})

describe('check, where there is no key,', () => {
  const NOT_THERE = `SECU_${'0'.repeat(32)}`

  it('says what the documentation shows, of an unknown template', async () => {
    const { status, stdout } = await run(...at(NOT_THERE))
    expect(docs).toContain(withoutTimes(stdout))
    expect(status).toBe(1)
  })

  it('tells when to come again, after too many requests', async () => {
    api.emulator.useUpMinute(SEED)
    const { status, stdout } = await check()
    expect(row(stdout, 'Code')).toBe('rate_limited')
    expect(row(stdout, 'To do')).toMatch(/5 keys a minute .* Try again in (1 min|\d\d s), at \d\d:\d\d:\d\d\.$/)
    expect(status).toBe(1)
  })

  it('goes by Retry-After, which a page may not read', async () => {
    api.emulator.setFaults({ keyAnswer: 'too_many', retryAfter: 'seconds', retryAfterSeconds: 300 })
    expect(row((await check()).stdout, 'To do')).toMatch(/Try again in (5 min|4 min 59 s)/)
  })

  it.each([
    [{ keyAnswer: 'server_error', errorStatus: 503 }, 'server', /the service failed \(HTTP 503\)/],
    [{ keyAnswer: 'html' }, 'malformed_response', /is no answer of the Filerobot API \(HTTP 200, text\/html/],
    [{ keyAnswer: 'wrong_prefix' }, 'malformed_response', /HTTP 200, application\/json/],
    [{ keyAnswer: 'huge' }, 'malformed_response', /HTTP 200, application\/json/],
    [{ keyAnswer: 'endless' }, 'malformed_response', /HTTP 200, application\/json/],
    [{ keyAnswer: 'drop' }, 'network', /no answer from 127\.0\.0\.1:\d+ \(UND_ERR_SOCKET\)/],
    [{ keyAnswer: 'cut_off' }, 'network', /no answer from 127\.0\.0\.1:\d+/],
    [{ keyAnswer: 'template_rejected', rejectedStatus: 200 }, 'template_rejected', /HTTP 200/],
  ] as [Partial<Faults>, string, RegExp][])('says why: %o', async (faults, code, why) => {
    api.emulator.setFaults(faults)
    const { status, stdout } = await check()
    expect(stdout).toMatch(why)
    expect(row(stdout, 'Code')).toBe(code)
    expect(row(stdout, 'To do')).toMatch(/^[A-Z].{20}/)
    expect(status).toBe(1)
  })

  it.each(['hang', 'stalled'] as const)(
    'waits no longer than --timeout for an answer that does not come: %s',
    async keyAnswer => {
      api.emulator.setFaults({ keyAnswer })
      const { status, stdout } = await check('--timeout', '0.3')
      expect(stdout).toMatch(/no whole answer from 127\.0\.0\.1:\d+ in time/)
      expect(status).toBe(1)
    },
  )

  it('says that nobody is there', async () => {
    const gone = await startEmulator({ drawAtStart: false })
    await gone.close()
    const { status, stdout } = await run('check', '--token', 'x', '--template', NOT_THERE, '--api-base', gone.origin)
    expect(stdout).toMatch(/no answer from 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/)
    expect(status).toBe(1)
  })

  it('writes for programs', async () => {
    const { stdout, status } = await run(...at(NOT_THERE), '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      templateId: NOT_THERE,
      error: {
        code: 'template_rejected',
        status: 404,
        retryAt: expect.any(String),
        said: expect.stringMatching(/^SECURITY/),
      },
    })
    expect(status).toBe(1)
  })

  it('repeats what the service says without keys and without what steers a terminal (rule 14)', async () => {
    const said = { status: 'error', code: 'NO', msg: `\u001B[2J not SASS__v1.05__${'x'.repeat(40)}__0`, hint: SECRET }
    const server: Server = createServer((_, response) => response.writeHead(403).end(JSON.stringify(said)))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { stdout } = await run('check', '--token', 'x', '--template', NOT_THERE, '--api-base', origin)
    server.close()
    server.closeAllConnections()
    expect(row(stdout, 'It says')).toBe('NO · [2J not SASS_… · …')
  })
})

describe('check --record', () => {
  it('writes the answers, without a key, to a folder that it makes', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'recording-')), 'new')
    const { status, stderr } = await check('--record', folder, '--record-limit')
    const files = readdirSync(folder)
    const texts = files.map(name => readFileSync(join(folder, name), 'utf8')).join('')
    rmSync(join(folder, '..'), { recursive: true })
    expect(files).toHaveLength(12)
    for (const name of files) expect(stderr).toContain(name)
    expect(texts).toContain('SASS__v1.05__key3xxx')
    expect(texts).not.toContain(SEED.token)
    expect(status).toBe(0)
  })

  it('records nothing without a key, and says so', async () => {
    api.emulator.setFaults({ keyAnswer: 'template_rejected' })
    const { status, stderr } = await check('--record', '/nowhere/at/all')
    expect([status, stderr]).toEqual([1, 'Nothing was recorded: that needs a key.\n'])
  })

  it('ends with 1 where a folder cannot be made, or an answer does not come', async () => {
    const { status, stderr } = await check('--record', `${process.execPath}/folder`)
    expect([status, stderr]).toEqual([1, 'error: The folder of --record cannot be made (ENOTDIR).\n'])
    api.emulator.setFaults({ apiAnswer: 'drop' })
    const folder = mkdtempSync(join(tmpdir(), 'recording-'))
    const dropped = await check('--record', folder)
    rmSync(folder, { recursive: true })
    expect(dropped.status).toBe(1)
    expect(dropped.stderr).toContain('error: key-info: no answer (UND_ERR_SOCKET).')
  })
})

describe('the command line', () => {
  it.each([
    [['check'], "required option '--token <token>' not specified"],
    [['check', '--token', 'x'], "required option '--template <SECU_…>' not specified"],
    [['check', '--token', 'a b', '--template', 'SECU_x'], '--token: expected a project token'],
    [['check', '--token', 'x', '--template', 'SECU_x'], '--template: expected SECU_ and 32 hex digits'],
    [
      ['check', '--token', 'x', '--template', SEED.templateId, '--api-base', 'http://example.com'],
      '--api-base: expected an https URL',
    ],
    [['check', '--token', 'x', '--template', SEED.templateId, '--timeout', 'long'], '--timeout: a number of seconds'],
    [['check', '--token', 'x', '--template', SEED.templateId, '--record-limit'], 'go with --record <folder>'],
    [['check', '--token', 'x', '--template', SEED.templateId, '--tokne=quiet'], "unknown option '--tokne'"],
    [['check', '--token', 'x', '--template', SEED.templateId, 'more'], 'too many arguments'],
    [['check', '--token'], "option '--token <token>' argument missing"],
    [['chekc'], "unknown command 'chekc'"],
    [[], 'Usage: filerobot-widget-auth'],
  ])('refuses with 2 and says why: %j', async (args, expected) => {
    const { status, stdout, stderr } = await run(...args)
    expect(stderr).toContain(expected)
    expect(stderr).not.toMatch(/quiet|a b|example\.com|long/)
    expect([status, stdout]).toEqual([2, ''])
  })

  it.each([
    ['check', '--token', SECRET],
    ['check', `--token=${SECRET.toUpperCase()}`],
    ['check', '--template', SECRET],
    ['check', `--${SECRET}`],
    ['emulator', '--token', SECRET],
    ['emulator', '--latency-ms', SECRET],
    [SECRET],
  ])('takes no secret key, says why, and never repeats it: %s %s (rule 13)', async (...args) => {
    const { status, stdout, stderr } = await run(...args)
    expect(stderr).toMatch(/API Secret Key.*revoke it.*Security Template/)
    expect(`${stdout}${stderr}`.toLowerCase()).not.toContain(SECRET)
    expect([status, stdout]).toEqual([2, ''])
  })

  it('shows no key that is given to it by mistake (rule 14)', async () => {
    const key = `SASS__v1.05__${'x'.repeat(40)}__00`
    for (const args of [[key], ['check', `--${key}`], ['check', '--token', key, '--template', key]]) {
      expect((await run(...args)).status).toBe(2)
    }
  })

  it('is in no colour where it does not write to a terminal', async () => {
    for (const args of [at(), at(`SECU_${'0'.repeat(32)}`), ['check', '--help'], ['nothing']]) {
      const { stdout, stderr } = await run(...args)
      expect(stdout + stderr).not.toContain('\u001B')
    }
  })

  it('tells its version, and what there is', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(await run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    const { status, stdout } = await run('--help')
    expect(stdout).toMatch(/Commands:[^]*check[^]*emulator/)
    expect(status).toBe(0)
    const ofCheck = (await run('check', '--help')).stdout
    for (const option of ofCheck.match(/^ {2}--[\w-]+/gm)!) expect(docs).toContain(`\`${option.trim()}`)
    expect(ofCheck).toContain('Exit status: 0 a key; 1 no key; 2 wrong usage; 3')
  })

  it('is found by npx', () => {
    expect(output('npx', ['--no-install', 'filerobot-widget-auth', '--version'], inject('appFolder'))).toMatch(
      /^\d+\.\d+\.\d+$/m,
    )
  })
})
