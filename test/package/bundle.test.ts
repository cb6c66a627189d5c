import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { describe, expect, inject, it } from 'vitest'

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Builds an app for production as most would, and returns its code. */
async function bundled(
  name: string,
  code: string,
  external: string[] = [],
  root = inject('appFolder'),
): Promise<string> {
  const entry = join(root, `${name}.js`)
  writeFileSync(entry, code)
  const built = await build({
    root,
    configFile: false,
    // Not 'warn': of "use client" every bundler warns that knows no server components.
    logLevel: 'error',
    build: { write: false, modulePreload: { polyfill: false }, rolldownOptions: { input: entry, external } },
  })
  return (built as Rolldown.RolldownOutput).output.map(file => ('code' in file ? file.code : '')).join('\n')
}

describe("an app's bundle", () => {
  it('holds the core once, whichever entries it uses', async () => {
    const code = await bundled(
      'both',
      `import { createAuth, isAuthError } from 'filerobot-widget-auth'
       import { connectSpin, uploaderHeaders } from 'filerobot-widget-auth/widgets'
       console.log(createAuth, isAuthError, connectSpin, uploaderHeaders)`,
    )
    expect(code.split('filerobot-widget-auth.error')).toHaveLength(2)
    expect(code).not.toMatch(/import\s*["'{]/)
  })

  it('holds nothing of what it does not use', async () => {
    const code = await bundled(
      'one',
      `import { isAuthError } from 'filerobot-widget-auth'\nconsole.log(isAuthError({}))`,
    )
    expect(code).not.toMatch(/BroadcastChannel|indexedDB|X-Filerobot-Key/)
    expect(code.length).toBeLessThan(1000)
  })

  it.each([
    ['react', ['react']],
    ['preact', ['preact', 'preact/hooks']],
    ['preact/hooks', ['preact', 'preact/hooks']],
  ])('holds of the entry for %s what it uses, and asks for no other framework', async (entry, own) => {
    const name = entry.replace('/', '-')
    const external = ['react', 'preact', 'preact/hooks', '@preact/signals']
    const spin = await bundled(
      `${name}-spin`,
      `import { useFilerobotSpin } from 'filerobot-widget-auth/${entry}'\nconsole.log(useFilerobotSpin)`,
      external,
    )
    expect(own).toEqual(expect.arrayContaining(importsOf(spin)))
    expect(spin).toContain('imageListX')
    // What only the connections of the others hold, and the core.
    expect(spin).not.toMatch(/initUserAuthState|toBlob|BroadcastChannel/)

    const provider = await bundled(
      `${name}-provider`,
      `import { FilerobotAuthProvider, useFilerobotAuth, useFilerobotKey } from 'filerobot-widget-auth/${entry}'
       console.log(FilerobotAuthProvider, useFilerobotAuth, useFilerobotKey)`,
      external,
    )
    expect(importsOf(provider)).toEqual(own)
    expect(provider).toContain('BroadcastChannel')
    expect(provider).not.toMatch(/initUserAuthState|toBlob|imageListX/)
  })

  it('holds signals where it uses one, and builds without them where it does not', async () => {
    const folder = join(inject('appFolder'), 'signals')
    const modules = join(folder, 'node_modules')
    const link = (name: string) => symlinkSync(inProject(`node_modules/${name}`), join(modules, name), 'junction')
    mkdirSync(folder)
    cpSync(join(inject('appFolder'), 'node_modules'), modules, { recursive: true })
    mkdirSync(join(modules, '@preact'))
    link('preact')
    const using = (name: string) =>
      bundled(name, `import { ${name} } from 'filerobot-widget-auth/preact'\nconsole.log(${name})`, [], folder)
    // Of the core of signals, and of what they do to Preact when they are loaded.
    const ofSignals = /Cycle detected|ReactiveTextNode|PREACT_SIGNALS/

    const before = await using('useFilerobotKey')
    link('@preact/signals')
    const without = await using('useFilerobotKey')
    const withSignals = await using('authSignal')
    expect([before, without, withSignals].map(code => ofSignals.test(code))).toEqual([false, false, true])
  })
})

/** What a bundle imports, by name or for its effects. */
const importsOf = (code: string) =>
  [...new Set([...code.matchAll(/\b(?:from|import)\s*["']([^"']+)["']/g)].map(([, source]) => source!))].sort()

describe('the entry for React', () => {
  const read = (entry: string) =>
    readFileSync(join(inject('appFolder'), `node_modules/filerobot-widget-auth/dist/${entry}.js`), 'utf8')

  it('says first of all that it is for the client, and no other entry does', () => {
    expect(read('react')).toMatch(/^(["'])use client\1/)
    expect(read('react')).toContain('createContext')
    for (const entry of ['preact', 'preact-hooks', 'auth-signal', 'index', 'widgets'])
      expect(read(entry)).not.toContain('use client')
  })

  it('leaves nothing that calls React to files without that', () => {
    const dist = join(inject('appFolder'), 'node_modules/filerobot-widget-auth/dist')
    const modules = readdirSync(dist).filter(name => name.endsWith('.js'))
    const fromReact = modules.filter(name => /from ["']react["']/.test(readFileSync(join(dist, name), 'utf8')))
    expect(fromReact).toEqual(['react.js'])
  })
})
