import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import { type CodeBlock, root } from '../../unit/docs/documentation.ts'
import { output } from '../process.ts'
import { sourceFiles } from './source-files.ts'

/** What an app that follows the documentation has installed; the other widgets' types are in `widgets.d.ts`. */
const packages = [
  '@types/react',
  '@types/node',
  'csstype',
  'js-cloudimage-360-view',
  'preact',
  '@preact/signals',
  'vitest',
  'playwright-core',
]
const given = fileURLToPath(new URL('widgets.d.ts', import.meta.url))

const options = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  // As where JavaScript is checked without more being asked for.
  strict: false,
  strictFunctionTypes: true,
  strictBindCallApply: true,
  skipLibCheck: true,
  checkJs: true,
  jsx: 'react-jsx',
  types: ['node'],
  noEmit: true,
}

/** Compiles blocks against the packed and installed package; returns what the compiler says against them, by page and line. */
export function complaints(blocks: CodeBlock[]): string[] {
  const folder = mkdtempSync(join(inject('appFolder'), 'documentation-'))
  for (const name of packages) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
  copyFileSync(given, join(folder, 'widgets.d.ts'))
  const files = blocks.flatMap(sourceFiles)
  for (const { name, code } of files) writeFileSync(join(folder, name), code)

  return [true, false].flatMap(isTyped => {
    const names = files.filter(file => file.isTyped === isTyped).map(({ name }) => name)
    if (names.length === 0) return []
    const config = join(folder, `tsconfig.${isTyped ? 'ts' : 'js'}.json`)
    const strictness = isTyped ? { strict: true, exactOptionalPropertyTypes: true } : {}
    const compilerOptions = { ...options, ...strictness, rootDirs: [folder, root] }
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ['widgets.d.ts', ...names] }))
    return compile(folder, config)
  })
}

function compile(folder: string, config: string): string[] {
  try {
    output(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false', '-p', config], folder)
    return []
  } catch (error) {
    const found = (error as Error).message.split('\n').filter(line => /\berror TS\d+/.test(line))
    // A compiler that could not be run has found nothing, and has seen nothing.
    if (found.length === 0) throw error
    return found
  }
}
