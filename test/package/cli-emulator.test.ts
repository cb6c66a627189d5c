import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, SEED, startEmulator } from '../../demo/emulator/index.ts'
import { endAll, run, start } from './command-line.ts'

const ADDRESS = /Address +(http:\S+)[^]*Ctrl-C ends it/
const OWN_TEMPLATE = 'SECU_0123456789ABCDEF0123456789ABCDEF'
const docs = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulator-'))
})
afterAll(() => {
  endAll()
  rmSync(folder, { recursive: true, force: true })
})

const json = async (url: string, init?: RequestInit) =>
  (await fetch(url, init)).json() as Promise<Record<string, unknown>>

describe('emulator', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'listens, gives keys, says how it is used, and ends at once on %s',
    async signal => {
      const emulator = start('emulator', '--port', '0', '--no-pictures')
      const origin = await emulator.written(ADDRESS)
      const { status, key } = await json(`${origin}/${SEED.token}/key/${SEED.templateId}`)
      expect([status, key]).toEqual(['success', expect.stringMatching(/^SASS_/)])
      expect(emulator.output()).toContain(`data-api-base="${origin}"`)
      expect(emulator.output()).toContain(`apiBase: '${origin}'`)
      expect(await emulator.end(signal)).toBe(0)
    },
  )

  it('ends although an answer hangs', async () => {
    const emulator = start('emulator', '--port', '0', '--no-pictures', '--key-answer', 'hang')
    const origin = await emulator.written(ADDRESS)
    const asked = fetch(`${origin}/${SEED.token}/key/${SEED.templateId}`).catch(() => 'dropped')
    await expect.poll(async () => (await json(`${origin}/_emulator/state`))['openRequests']).toBe(1)
    expect(await emulator.end()).toBe(0)
    expect(await asked).toBe('dropped')
  })

  it('has the faults that the options say, and no others', async () => {
    const emulator = start(
      ...[
        'emulator',
        '--port',
        '0',
        '--no-pictures',
        '--limit-status',
        '403',
        '--no-claims-in-key',
        '--same-key-again',
      ],
      ...['--retry-after', 'seconds', '--validity-seconds', '90', '--caller-country', 'DE', '--redirect-to', '/x'],
    )
    const origin = await emulator.written(ADDRESS)
    const { faults } = await json(`${origin}/_emulator/state`)
    expect(faults).toEqual({
      ...createEmulator().faults,
      limitStatus: 403,
      claimsInKey: false,
      sameKeyAgain: true,
      retryAfter: 'seconds',
      validitySeconds: 90,
      callerCountry: 'DE',
      redirectTo: '/x',
    })
    expect(emulator.output()).toContain('limitStatus: 403')
    await emulator.end()
  })

  it('knows the project, templates and files that it is given', async () => {
    mkdirSync(join(folder, 'files/products'), { recursive: true })
    writeFileSync(join(folder, 'files/products/chair.svg'), '<svg/>')
    const templates = join(folder, 'templates.json')
    writeFileSync(templates, JSON.stringify({ id: OWN_TEMPLATE, permissions: ['OBJECTS_LIST'], validitySeconds: 30 }))
    const emulator = start(
      ...['emulator', '--port', '0', '--no-pictures', '--token', 'fusqadtm', '--template', `SECU_${'A'.repeat(32)}`],
      ...['--templates', templates, '--files', join(folder, 'files')],
    )
    const origin = await emulator.written(ADDRESS)
    const list = async (templateId: string) => {
      const { key } = await json(`${origin}/fusqadtm/key/${templateId}`)
      const headers = { 'X-Filerobot-Key': String(key) }
      return json(`${origin}/fusqadtm/v4/files?folder=/products`, { headers })
    }
    for (const templateId of [OWN_TEMPLATE, `SECU_${'A'.repeat(32)}`]) {
      expect(await list(templateId)).toMatchObject({ files: [{ name: 'chair.svg', type: 'image/svg+xml' }] })
    }
    expect(emulator.output()).toContain("createAuth({ token: 'fusqadtm', templateId: 'SECU_AAAA")
    const { stdout } = await run('check', '--token', 'fusqadtm', '--template', OWN_TEMPLATE, '--api-base', origin)
    expect(stdout).toContain('after 30 s')
    await emulator.end()
  })

  it('warns where others can reach it', async () => {
    const emulator = start('emulator', '--port', '0', '--no-pictures', '--host', '0.0.0.0')
    const warning = /Everybody who reaches http:\/\/0\.0\.0\.0:\d+ may read and change everything/
    expect(await emulator.written(warning)).toMatch(warning)
    await emulator.end()
  })

  it('says what to do where the port is taken', async () => {
    const taken = await startEmulator({ drawAtStart: false })
    const { status, stderr } = await run('emulator', '--port', `${taken.port}`)
    await taken.close()
    expect(stderr).toBe(
      `error: The emulator cannot listen (EADDRINUSE). Port ${taken.port} is taken; --port 0 takes one that is free.\n`,
    )
    expect(status).toBe(1)
  })

  it.each([
    [['--port', 'many'], '--port: a port, 0 to 65535, is wanted'],
    [['--latency-ms', 'slow'], '--latency-ms: a number of milliseconds, 0 or more, is wanted'],
    [['--latency-ms', ''], '--latency-ms: a number of milliseconds, 0 or more, is wanted'],
    [['--limit-status', '418'], '--limit-status: one of 429, 403, 400, 200, is wanted'],
    [['--key-answer', 'never'], '--key-answer: one of normal, too_many,'],
    [['--token', 'a b'], '--token: 1 to 64 letters, digits, _ or - are wanted'],
    [['--template', 'SECU_1'], '--template: SECU_ and 32 hexadecimal digits are wanted'],
    [['--templates', 'absent.json'], '--templates: the file cannot be read (ENOENT)'],
    [['--templates', new URL('../../README.md', import.meta.url).pathname], '--templates: the file is not JSON'],
    [['--templates', new URL('../../package.json', import.meta.url).pathname], '--templates: wrong: name, version,'],
    [['--files', 'absent'], '--files: the folder cannot be read (ENOENT)'],
  ])('refuses with 2 and says what is wanted: %j', async (args, expected) => {
    const { status, stdout, stderr } = await run('emulator', '--port', '0', ...args)
    expect(stderr).toContain(`error: ${expected}`)
    expect([status, stdout]).toEqual([2, ''])
  })

  it('has an option for each fault, and lists it', async () => {
    const { stdout } = await run('emulator', '--help')
    const names = [...stdout.matchAll(/^ {2}--(?:no-)?([\w-]+)/gm)].map(([, name]) =>
      name!.replace(/-[a-z]/g, letter => letter[1]!.toUpperCase()),
    )
    expect(names).toEqual(expect.arrayContaining(Object.keys(createEmulator().faults)))
    // What is no fault is in the documentation; the faults are in the emulator's own.
    const others = names.filter(name => !(name in createEmulator().faults))
    for (const name of others) expect(docs).toContain(`\`--${name === 'pictures' ? 'no-pictures' : name}`)
  })
})
