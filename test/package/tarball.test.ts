import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it } from 'vitest'

const srcFolder = fileURLToPath(new URL('../../src/', import.meta.url))
const name = 'filerobot-widget-auth'
// Chunks that entries share are named after one of their modules, whichever, and end with a hash.
const files = [...new Set(inject('packed').files.map(file => file.replace(/[\w-]+-[\w-]{8}(?=\.js)/, 'SHARED')))]
const isDeclaration = (file: string) => file.startsWith('dist/types/')

describe('the published package', () => {
  it('holds the entries, their source maps, and what a reader wants, and nothing else', () => {
    expect(files.filter(file => !isDeclaration(file)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/LICENSES.md',
      'dist/SHARED.js',
      'dist/SHARED.js.map',
      'dist/auth-signal.js',
      'dist/auth-signal.js.map',
      'dist/cli.js',
      'dist/emulator.js',
      'dist/filerobot-widget-auth.global.js',
      'dist/filerobot-widget-auth.global.js.map',
      'dist/filerobot-widget-auth.service-worker.js',
      'dist/filerobot-widget-auth.service-worker.js.map',
      'dist/index.js',
      'dist/node/LICENSES.md',
      'dist/node/fault-specs.js',
      'dist/preact-hooks.js',
      'dist/preact.js',
      'dist/react.js',
      'dist/react.js.map',
      'dist/server.js',
      'dist/server.js.map',
      'dist/service-worker.js',
      'dist/service-worker.js.map',
      'dist/widgets.js',
      'dist/widgets.js.map',
      'package.json',
    ])
  })

  it('declares the types of all entries, and of nothing else that is not in src', () => {
    const declarations = files.filter(isDeclaration)
    const { exports } = JSON.parse(readFileSync(`${inject('appFolder')}/node_modules/${name}/package.json`, 'utf8'))
    const entries = Object.entries<{ types?: string }>(exports).filter(([, { types }]) => types)
    expect(entries.map(([entry]) => entry)).toEqual([
      '.',
      './widgets',
      './react',
      './preact',
      './preact/hooks',
      './service-worker',
      './server',
      './emulator',
      './filerobot-widget-auth.global.js',
    ])
    expect(declarations).toEqual(expect.arrayContaining(entries.map(([, { types }]) => types!.slice(2))))
    // One file for all of it, as the emulator is outside `src`.
    expect(declarations).toContain('dist/types/emulator.d.ts')
    const sourceOf = (file: string) => srcFolder + file.slice('dist/types/'.length).replace(/\.d\.ts$/, '.ts')
    expect(declarations.filter(file => !existsSync(sourceOf(file)))).toEqual(['dist/types/emulator.d.ts'])
  })

  it('brings one package along', () => {
    const installed = readdirSync(`${inject('appFolder')}/node_modules`).filter(name => !name.startsWith('.'))
    expect(installed.sort()).toEqual([name, 'idb-keyval'])
  })
})
