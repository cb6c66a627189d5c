import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type RunningProgram, run, start } from './programs.ts'
import { openApi, PHOTOS } from './stage.ts'

const appsFolder = inject('appsFolder')

describe('the example node', () => {
  let api: Awaited<ReturnType<typeof openApi>>
  let server: RunningProgram
  let address: string
  beforeAll(async () => {
    api = await openApi()
    server = start(['npm', 'run', 'dev'], join(appsFolder, 'node'), { ...api.settings, PORT: '0' })
    address = (await server.says(/http:\/\/localhost:\d+/))[0]
  })
  afterAll(async () => {
    await server?.kill()
    await api.close()
  })

  it('lists files for all visitors with one key, which it shows to nobody', async () => {
    const answers = await Promise.all([fetch(address), fetch(address)].map(async answer => (await answer).text()))
    for (const answer of answers) {
      expect(answer).toMatch(/^Key: ready, until /)
      for (const name of PHOTOS) expect(answer).toContain(name)
      expect(answer).not.toContain('SASS_')
    }
    expect(server.output).not.toContain('SASS_')
    expect(api.answers('key')).toEqual(['200 without a key'])
    expect(api.answers('list')).toEqual(['200 with the key', '200 with the key'])
  })

  it('says so when the service refuses', async () => {
    api.emulator.setFaults({ apiAnswer: 'forbidden' })
    const answer = await fetch(address)
    expect([answer.status, await answer.text()]).toEqual([502, 'The files cannot be listed at the moment.'])
    await server.says(/The service answered 403/)
  })
})

describe('plain Node', () => {
  const { exports } = JSON.parse(
    readFileSync(join(appsFolder, 'node_modules/filerobot-widget-auth/package.json'), 'utf8'),
  )
  // The other two are files for pages to load.
  const modules = Object.keys(exports).filter(
    name => !name.includes('filerobot-widget-auth') && !name.endsWith('.json'),
  )
  const entries = modules.map(name => name.replace('.', 'filerobot-widget-auth'))

  /** The names that each entry exports, however it is loaded. */
  async function exported(file: string, load: string): Promise<Record<string, string[]>> {
    const code = `const load = ${load}
      const entries = ${JSON.stringify(entries)}
      const names = entries.map(async entry => [entry, Object.keys(await load(entry)).filter(name => /^\\w+$/.test(name))])
      Promise.all(names).then(all => console.log(JSON.stringify(Object.fromEntries(all))))`
    writeFileSync(join(appsFolder, file), code)
    return JSON.parse(await run([process.execPath, file], appsFolder))
  }

  it('imports every entry, and requires it where Node can do that', async () => {
    const imported = await exported('import.mjs', 'entry => import(entry)')
    expect(Object.keys(imported)).toEqual(
      expect.arrayContaining([
        'filerobot-widget-auth',
        'filerobot-widget-auth/widgets',
        'filerobot-widget-auth/react',
        'filerobot-widget-auth/preact',
        'filerobot-widget-auth/service-worker',
      ]),
    )
    expect(imported['filerobot-widget-auth']).toContain('createAuth')

    // From 20.19 and 22.12. Before, a CommonJS module can only `await import(…)`.
    const required = exported('require.cjs', 'require').catch(error => /ERR_REQUIRE_ESM/.exec(String(error))?.[0])
    expect(await required).toEqual(process.features.require_module ? imported : 'ERR_REQUIRE_ESM')
  })
})
