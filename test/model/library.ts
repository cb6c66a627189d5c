import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'
import { build, type Plugin, type Rolldown } from 'vite'

/** What the core exports. */
export type CoreLibrary = typeof import('../../src/index.ts')
/** Makes a fresh copy of the core, as a tab has it, which finds these names instead of the real globals. */
export type LoadLibrary = (scope: Record<string, unknown>) => CoreLibrary

/** The globals that are a tab's own. */
const SCOPE = [
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
export async function buildLibrary(mutate?: (code: string, file: string) => string): Promise<LoadLibrary> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const mutation: Plugin = {
    name: 'mutation',
    enforce: 'pre',
    transform: (code, id) => (mutate && id.startsWith(`${root}src/`) ? mutate(code, id.slice(root.length)) : null),
  }
  const bundle = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [mutation],
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      lib: { entry: `${root}src/index.ts`, formats: ['iife'], name: 'core', fileName: 'core' },
    },
  })
  const chunks = ([bundle].flat() as Rolldown.RolldownOutput[]).flatMap(({ output }) => output)
  const [chunk] = chunks
  if (chunk?.type !== 'chunk' || chunks.length !== 1) throw new Error('The core must be one file')
  const load = compileFunction(`${chunk.code}\nreturn core`, SCOPE, { filename: 'core-in-a-tab.js' }) as (
    ...globals: unknown[]
  ) => CoreLibrary
  return scope => load(...SCOPE.map(name => scope[name]))
}
