import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'
import { build, type Rolldown } from 'vite'
import { type Mutate, mutation } from '../mutation.ts'

/** The project's folder, with a slash. */
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the core exports. */
export type CoreLibrary = typeof import('../../src/index.ts')
/** Makes a fresh copy of the core, as a tab has it, which finds these names instead of the real globals. */
export type LoadLibrary = (scope: Record<string, unknown>) => CoreLibrary

/** The globals that are a tab's own. */
export const TAB_GLOBALS = [
  'globalThis,window,self,navigator,document,performance,Date,Math,indexedDB,BroadcastChannel,fetch',
  'setTimeout,clearTimeout,setInterval,addEventListener,removeEventListener,reportError,queueMicrotask',
]
  .join()
  .split(',')

/**
 * Bundles the core once, so that each tab gets its copy by one call, and not by importing 25 modules.
 *
 * @param mutate changes a source file before it is compiled; for the proof that the model can fail
 */
export function buildLibrary(mutate?: Mutate): Promise<LoadLibrary> {
  return bundle<CoreLibrary>(`${root}src/index.ts`, TAB_GLOBALS, mutate)
}

/**
 * Bundles what a module exports, as {@link buildLibrary} does the core.
 *
 * @param globals the names that each copy finds instead of the real ones
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what a bundle exports only its caller knows
export async function bundle<Exports>(
  entry: string,
  globals: string[],
  mutate?: Mutate,
): Promise<(scope: Record<string, unknown>) => Exports> {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [mutation(mutate)],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      lib: { entry, formats: ['iife'], name: 'bundle', fileName: 'bundle' },
      rolldownOptions: { output: { exports: 'named' } },
    },
  })
  const chunks = ([output].flat() as Rolldown.RolldownOutput[]).flatMap(({ output }) => output)
  const [chunk] = chunks
  if (chunk?.type !== 'chunk' || chunks.length !== 1) throw new Error('A bundle must be one file')
  const load = compileFunction(`${chunk.code}\nreturn bundle`, globals, { filename: 'bundle-in-a-tab.js' }) as (
    ...values: unknown[]
  ) => Exports
  return scope => load(...globals.map(name => scope[name]))
}
