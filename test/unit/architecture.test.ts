// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'

/**
 * The layers of `src`, from the bottom up. A file imports from the layers below its own. Within a layer it may import
 * its neighbours, except where the layer is `apart`: there no file knows of another.
 */
const layers: { about: string; files: string[]; apart?: true }[] = [
  { about: 'types and errors', files: ['types', 'errors'] },
  {
    about: 'pure rules: no clock, no I/O',
    files: ['untrusted', 'origin', 'claims', 'lifetime', 'limit', 'access-key', 'key-record', 'options', 'state'],
  },
  {
    about: 'small things that several platform features stand on',
    files: ['clock', 'body', 'host', 'race', 'waiting', 'connectable'],
  },
  {
    about: 'one platform feature a file',
    files: ['storage', 'channel', 'lock', 'page', 'key-request', 'refusal'],
    apart: true,
  },
  { about: 'the key record and where it is kept', files: ['key-record-store'] },
  { about: 'one attempt at a key, and what the service makes of keys', files: ['attempt', 'verdict'] },
  { about: 'the lifecycle, which alone writes state', files: ['client'] },
  { about: 'signing', files: ['signed-fetch'] },
  { about: 'what an app is given', files: ['auth'] },
  { about: 'the core entry', files: ['index'] },
  {
    about: 'what several widget connections need',
    files: [
      'widgets/api-address',
      'widgets/image-ending',
      'widgets/key-header',
      'widgets/lease',
      'widgets/signed-download',
    ],
  },
  {
    about: 'what the uploader connection is made of',
    files: [
      'widgets/uploader/core',
      'widgets/uploader/headers',
      'widgets/uploader/requests',
      'widgets/uploader/sent-by-widget',
      'widgets/uploader/uploads',
      'widgets/uploader/visitor-words',
    ],
  },
  {
    about: "what the image editor's is made of",
    files: [
      'widgets/image-editor/file-name',
      'widgets/image-editor/image-element',
      'widgets/image-editor/canvas-file',
      'widgets/image-editor/upload-progress',
      'widgets/image-editor/notice',
      'widgets/image-editor/saving',
    ],
  },
  {
    about: "what the spin's is made of",
    files: [
      'widgets/spin/frame-order',
      'widgets/spin/folder-listing',
      'widgets/spin/frame-loading',
      'widgets/spin/frame-memory',
    ],
  },
  {
    about: 'a connection for each widget',
    files: ['widgets/uploader/connection', 'widgets/image-editor/connection', 'widgets/spin/connection'],
    apart: true,
  },
  { about: 'the widgets entry', files: ['widgets/index'] },
  {
    about: 'which requests a service worker signs, and how it is told for whom: no clock, no I/O',
    files: ['service-worker/config', 'service-worker/signing'],
  },
  { about: 'why a browser refuses a service worker', files: ['service-worker/refused-registration'] },
  {
    about: 'both sides of a service worker: the page, and the worker',
    files: ['service-worker/register', 'service-worker/fetch-handler'],
    apart: true,
  },
  { about: 'the service worker entry, and the file to host', files: ['service-worker/index', 'service-worker/worker'] },
  { about: 'the script tag', files: ['global'] },
  { about: 'of a key endpoint, what it answers and how it asks the service', files: ['server/answer', 'server/send'] },
  { about: 'who gets a key from it, and the one key for all', files: ['server/admission', 'server/shared-key'] },
  { about: 'the key endpoint, and its entry', files: ['server/key-handler', 'server/index'] },
  { about: 'what options mean the same: no clock, no I/O', files: ['hooks/same-value'] },
  {
    about: 'what the hooks of an app are made of, whichever its framework',
    files: ['hooks/framework', 'hooks/latest', 'hooks/loading', 'hooks/external-store', 'hooks/provided-auth'],
  },
  {
    about: 'a provider, and a hook for the key and for each widget',
    files: ['hooks/provider', 'hooks/key', 'hooks/uploader', 'hooks/image-editor', 'hooks/spin'],
    apart: true,
  },
  { about: 'an entry for each framework, and a signal', files: ['react', 'preact-hooks', 'auth-signal'], apart: true },
  { about: 'the entry for Preact with signals', files: ['preact'] },
  {
    about: 'of the command line, what knows no clock and does no I/O',
    files: [
      'cli/secrets',
      'cli/exit-status',
      'cli/time-words',
      'cli/permissions',
      'cli/folders',
      'cli/service-clock',
      'cli/breadth',
      'cli/number-option',
    ],
  },
  { about: 'where a command writes, and whom it asks', files: ['cli/terminal', 'cli/asking'], apart: true },
  { about: 'a key, or why there is none, in words', files: ['cli/key-report', 'cli/key-words', 'cli/failure-words'] },
  { about: 'what `check` prints', files: ['cli/check-output'] },
  {
    about: "a recording of the service's answers",
    files: [
      'cli/recording/probes',
      'cli/recording/fixture',
      'cli/recording/placeholders',
      'cli/recording/exchange',
      'cli/recording/record',
    ],
  },
  { about: 'what the emulator is started with', files: ['cli/fault-options', 'cli/seed-options'], apart: true },
  { about: 'a file for each command', files: ['cli/check-command', 'cli/emulator-command'], apart: true },
  { about: 'the command line', files: ['cli/program'] },
  { about: 'the program that Node runs', files: ['cli/main'] },
]

/** The only packages that `src` may import: no widget, a framework in its own entry alone, Node in the command line. */
const allowedPackages = new Set(['idb-keyval'])
const commandLinePackages = /^(node:[\w/]+|commander|hono\/utils\/mime)$/
/** Nothing else may come from outside `src`: the emulator, which `cli/emulator-command` starts, and the version. */
const fromOutside = new Map([
  ['cli/emulator-command', ['../demo/emulator/index']],
  ['cli/fault-options', ['../demo/emulator/index', '../demo/emulator/fault-specs']],
  ['cli/seed-options', ['../demo/emulator/index']],
  ['cli/program', ['../package.json']],
])
const frameworkOf = new Map([
  ['react', ['react']],
  ['preact-hooks', ['preact', 'preact/hooks']],
  ['auth-signal', ['@preact/signals']],
])
const maxLines = 250

interface Import {
  /** As it is written: `'./errors.js'`. */
  source: string
  /** It vanishes when it is compiled. */
  isTypeOnly: boolean
}
/** By a file's name without its extension, relative to `src`. */
type Imports = Map<string, Import[]>

/** All imports of a file: static, re-exports, dynamic, and types' `import('…')`. */
function importsOf(code: string): Import[] {
  const found: Import[] = []
  visit(parseAst(code, { lang: 'ts', sourceType: 'module' }), node => {
    const { type, source, argument, importKind, exportKind } = node
    const literal = (type === 'TSImportType' && !source ? argument : source) as { value?: unknown } | null | undefined
    if (!/^(Import(Declaration|Expression)|Export(Named|All)Declaration|TSImportType)$/.test(String(type))) return
    if (typeof literal?.value === 'string') {
      const isTypeOnly = type === 'TSImportType' || importKind === 'type' || exportKind === 'type'
      found.push({ source: literal.value, isTypeOnly })
    }
  })
  return found
}

function visit(node: unknown, see: (node: Record<string, unknown>) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node) && 'type' in node) see({ ...node })
  for (const child of Object.values(node)) visit(child, see)
}

const resolved = (file: string, source: string) => posix.join(posix.dirname(file), source).replace(/\.[jt]sx?$/, '')

/** What pure rules do without: the time and the world are given to them. */
const worldly =
  /^(globalThis|window|document|location|navigator|indexedDB|Date|performance|fetch|set(Timeout|Interval))$/

/** The names of the world that a file speaks. */
function worldlyNames(code: string): string[] {
  const found = new Set<string>()
  visit(parseAst(code, { lang: 'ts', sourceType: 'module' }), ({ type, name }) => {
    if (type === 'Identifier' && worldly.test(String(name))) found.add(String(name))
  })
  return [...found]
}

/** Everything in which `imports` breaks the rules, in words. */
function violations(imports: Imports): string[] {
  const layerOf = new Map(layers.flatMap(({ files }, layer) => files.map(file => [file, layer] as const)))
  const found: string[] = []
  for (const file of layerOf.keys()) {
    if (!imports.has(file)) found.push(`${file} is in the list of layers, but not in src`)
  }
  for (const [file, sources] of imports) {
    const layer = layerOf.get(file)
    if (layer === undefined) {
      found.push(`${file} is in no layer`)
      continue
    }
    for (const { source } of sources) {
      if (!source.startsWith('.')) {
        const isAllowed = allowedPackages.has(source) || frameworkOf.get(file)?.includes(source)
        const isNodes = file.startsWith('cli/') && commandLinePackages.test(source)
        if (!isAllowed && !isNodes) found.push(`${file} imports ${source}`)
        continue
      }
      const target = resolved(file, source)
      if (fromOutside.get(file)?.includes(target)) continue
      const targetLayer = layerOf.get(target)
      if (targetLayer === undefined) found.push(`${file} imports ${target}, which is in no layer`)
      else if (targetLayer > layer) found.push(`${file} imports ${target}, which is above it`)
      else if (targetLayer === layer && layers[layer]!.apart) found.push(`${file} imports its neighbour ${target}`)
    }
  }
  return [...found, ...cycles(imports)]
}

/** Circles of imports. Types alone may refer to each other: an error's code is a type, and a state holds an error. */
function cycles(imports: Imports): string[] {
  const found: string[] = []
  const isDone = new Set<string>()
  const follow = (file: string, path: string[]) => {
    if (path.includes(file)) {
      found.push(`a circle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
      return
    }
    if (isDone.has(file)) return
    for (const { source, isTypeOnly } of imports.get(file) ?? []) {
      if (source.startsWith('.') && !isTypeOnly) follow(resolved(file, source), [...path, file])
    }
    isDone.add(file)
  }
  for (const file of imports.keys()) follow(file, [])
  return found
}

const srcFolder = fileURLToPath(new URL('../../src/', import.meta.url))
const sources = new Map(
  readdirSync(srcFolder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.[jt]sx?$/.test(name))
    .map(
      name => [name.replaceAll('\\', '/').replace(/\.[jt]sx?$/, ''), readFileSync(srcFolder + name, 'utf8')] as const,
    ),
)
const imports: Imports = new Map([...sources].map(([file, code]) => [file, importsOf(code)]))

/** The real graph with one more import. */
const withImport = (file: string, code: string): Imports =>
  new Map([...imports, [file, [...(imports.get(file) ?? []), ...importsOf(code)]]])

describe('the imports of src', () => {
  it('point down only, in no circle, to no widget, and to a framework in its own entry alone', () => {
    expect(violations(imports)).toEqual([])
  })

  it.each([
    ["import { createClient } from './client.js'", 'lifetime imports client, which is above it'],
    ["import type { Client } from './client.js'", 'lifetime imports client, which is above it'],
    ["export { createClient } from './client.js'", 'lifetime imports client, which is above it'],
    ["export * from './client.js'", 'lifetime imports client, which is above it'],
    ["const later = () => import('./client.js')", 'lifetime imports client, which is above it'],
    ["type Later = import('./client.js').Client", 'lifetime imports client, which is above it'],
    ["import { h } from 'preact'", 'lifetime imports preact'],
    ["import '@filerobot/core'", 'lifetime imports @filerobot/core'],
    ["import './nowhere.js'", 'lifetime imports nowhere, which is in no layer'],
  ])('are refused where they break the rules: %s', (code, expected) => {
    expect(violations(withImport('lifetime', code))).toContain(expected)
  })

  it('are refused between two platform features', () => {
    expect(violations(withImport('lock', "import { indexedDb } from './storage.js'"))).toContain(
      'lock imports its neighbour storage',
    )
  })

  it.each([
    ['preact-hooks', "import { useState } from 'react'", 'preact-hooks imports react'],
    ['preact-hooks', "import { signal } from '@preact/signals'", 'preact-hooks imports @preact/signals'],
    ['preact-hooks', "import './auth-signal.js'", 'preact-hooks imports its neighbour auth-signal'],
    ['preact-hooks', "import { useState } from 'preact/compat'", 'preact-hooks imports preact/compat'],
    ['react', "import { h } from 'preact'", 'react imports preact'],
    ['react', "import { useState } from 'preact/hooks'", 'react imports preact/hooks'],
    ['react', "import { createRoot } from 'react-dom/client'", 'react imports react-dom/client'],
    ['react', "import './preact-hooks.js'", 'react imports its neighbour preact-hooks'],
    ['react', "import './preact.js'", 'react imports preact, which is above it'],
    ['hooks/loading', "import { useState } from 'react'", 'hooks/loading imports react'],
    ['hooks/spin', "import './uploader.js'", 'hooks/spin imports its neighbour hooks/uploader'],
  ])('are refused where a framework is brought in elsewhere: into %s by %s', (file, code, expected) => {
    expect(violations(withImport(file, code))).toContain(expected)
  })

  it.each([
    ['auth', "import { fileURLToPath } from 'node:url'", 'auth imports node:url'],
    ['global', "import { Command } from 'commander'", 'global imports commander'],
    ['react', "import '../cli/terminal.js'", 'react imports ../cli/terminal, which is in no layer'],
    ['preact', "import './cli/terminal.js'", 'preact imports cli/terminal, which is above it'],
    ['index', "import '../demo/emulator/index.ts'", 'index imports ../demo/emulator/index, which is in no layer'],
    [
      'cli/asking',
      "import '../../demo/emulator/index.ts'",
      'cli/asking imports ../demo/emulator/index, which is in no layer',
    ],
    ['cli/main', "import { Hono } from 'hono'", 'cli/main imports hono'],
  ])(
    'are refused where the command line, Node or the emulator is brought in: into %s by %s',
    (file, code, expected) => {
      expect(violations(withImport(file, code))).toContain(expected)
    },
  )

  it('are refused in a circle, also within a layer', () => {
    expect(violations(withImport('untrusted', "import { ACCESS_KEY } from './claims.js'")).join()).toMatch(
      /a circle: .*untrusted → claims/,
    )
  })

  it('are not counted in comments and strings', () => {
    expect(importsOf("// import './a.js'\nconst text = \"import './b.js'\"\nexport {}")).toEqual([])
  })
})

describe('the pure rules', () => {
  it('read no clock and do no I/O', () => {
    const files = layers[1]!.files.filter(file => sources.has(file))
    expect(files.flatMap(file => worldlyNames(sources.get(file)!).map(name => `${file}: ${name}`))).toEqual([])
  })

  it('are found out when they do', () => {
    expect(worldlyNames('export const late = (atMs: number) => Date.now() > atMs')).toEqual(['Date'])
  })
})

describe('the files of src', () => {
  it('all have a layer', () => {
    expect(violations(new Map([...imports, ['surprise', []]]))).toContain('surprise is in no layer')
  })

  it(`have at most ${maxLines} lines each`, () => {
    const lineCount = (code: string) => code.trimEnd().split('\n').length
    const long = [...sources].filter(([, code]) => lineCount(code) > maxLines)
    expect(long.map(([file, code]) => `${file}: ${lineCount(code)} lines`)).toEqual([])
  })
})
