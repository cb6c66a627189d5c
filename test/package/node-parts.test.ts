import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, inject, it } from 'vitest'

const folder = join(inject('appFolder'), 'node_modules/filerobot-widget-auth')
const read = (file: string) => readFileSync(join(folder, file), 'utf8')
const { exports, dependencies } = JSON.parse(read('package.json')) as {
  exports: Record<string, string | { default: string }>
  dependencies: Record<string, string>
}
const fileOf = (entry: string) => {
  const target = exports[entry]!
  return normalize(typeof target === 'string' ? target : target.default)
}

interface Source {
  value?: unknown
  quasis?: { value: { cooked: string } }[]
}

/** What a file imports, statically and dynamically; a minifier writes a name as a template. */
function importsOf(code: string): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, source } = node as { type?: string; source?: Source | null }
    if (source && /^(Import(Declaration|Expression)|Export(Named|All)Declaration)$/.test(type ?? '')) {
      const name = source.value ?? (source.quasis?.length === 1 ? source.quasis[0]!.value.cooked : undefined)
      found.push(typeof name === 'string' ? name : 'computed')
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(parseAst(code, { lang: 'js', sourceType: 'module' }))
  return found
}

/** Everything that a file imports, and what that imports: files of the package, and other modules by their names. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const source of importsOf(read(file))) {
    if (source.startsWith('.')) reached(join(dirname(file), source), seen)
    else seen.add(source)
  }
  return seen
}

const forBrowsers = Object.keys(exports).filter(entry => !['./emulator', './server', './package.json'].includes(entry))

describe('the key endpoint', () => {
  // It has no other copy of the core than its own, so that no byte of it is in a file that a browser loads.
  it.each(forBrowsers)('is not reached by what a browser loads: %s', entry => {
    const found = [...reached(fileOf(entry))]
    expect(found).toContain(fileOf(entry))
    expect(found).not.toContain('dist/server.js')
    for (const file of found.filter(name => name.startsWith('dist/'))) {
      expect(read(file)).not.toMatch(ofTheEndpoint)
    }
  })

  it('would be found out if it were, and needs neither Node nor anything that is not installed with it', () => {
    expect(read('dist/server.js')).toMatch(ofTheEndpoint)
    expect([...reached('dist/server.js')].sort()).toEqual(['dist/server.js', 'idb-keyval'])
    expect(read('dist/server.js')).not.toMatch(/\bprocess\.|\bBuffer\b|\brequire\(/)
  })
})

/** Words that only a key endpoint says. */
const ofTheEndpoint = /Sec-Fetch-Site|method_not_allowed|Cross-Origin-Resource-Policy|createKeyHandler/

describe('the parts for Node', () => {
  it.each(forBrowsers)('are not reached by what a browser loads: %s', entry => {
    const found = [...reached(fileOf(entry))]
    expect(
      found.filter(name => /^node:|computed|commander|hono|cli\.js|emulator\.js|^dist\/node\//.test(name)),
    ).toEqual([])
    for (const file of found.filter(name => name.startsWith('dist/'))) {
      expect(read(file)).not.toMatch(/Hono|CommanderError|_emulator|createServer/)
    }
  })

  it('would be found out if they were', () => {
    expect([...reached('dist/cli.js')]).toEqual(
      expect.arrayContaining(['dist/emulator.js', 'node:http', 'node:fs/promises']),
    )
  })

  it('need nothing that is not installed with them', () => {
    for (const file of ['dist/cli.js', 'dist/emulator.js']) {
      const modules = [...reached(file)].filter(name => !name.startsWith('dist/') && !name.startsWith('node:'))
      expect(modules).toEqual([])
    }
    expect(Object.keys(dependencies)).toEqual(['idb-keyval'])
  })

  it('bring the licences of what is built into them', () => {
    const names = [...read('dist/node/LICENSES.md').matchAll(/^## (\S+) - /gm)].map(([, name]) => name)
    expect(names).toEqual(['@hono/node-server', 'commander', 'hono', 'idb-keyval'])
  })

  it('declare their types in a file that stands alone', () => {
    const declarations = read('dist/types/emulator.d.ts')
    expect(declarations).toMatch(/export declare function startEmulator/)
    expect(declarations).not.toMatch(/\bimport\b|\bfrom '|reference types|NodeJS|Buffer/)
  })
})
