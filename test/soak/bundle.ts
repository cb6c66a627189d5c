import { fileURLToPath } from 'node:url'
import { build, type Plugin, type Rolldown } from 'vite'
import { widgetsForDemo } from '../../demo/widgets/vite-plugin.ts'
import { type Mutate, mutation } from '../mutation.ts'

/**
 * Bundles what a tab loads: the library, the published uploader, and the hands of the test.
 *
 * @param mutate changes a source file of the library before it is compiled; for the proof that the soak can fail
 * @returns the script's text
 */
export async function bundleTab(mutate?: Mutate): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const effects: Plugin = {
    name: 'pages-have-side-effects',
    // The package says of itself that it has none, and these files are below it.
    transform: (code, id) =>
      id.startsWith(`${root}test/soak/page/`) ? { code, map: null, moduleSideEffects: true } : null,
  }
  const bundle = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
    plugins: [mutation(mutate), effects, widgetsForDemo()],
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      lib: { entry: `${root}test/soak/page/main.ts`, formats: ['iife'], name: 'soakTab', fileName: 'tab' },
    },
  })
  const chunks = [bundle].flat().flatMap(one => (one as Rolldown.RolldownOutput).output)
  const [chunk] = chunks.filter(({ type }) => type === 'chunk') as Rolldown.OutputChunk[]
  return chunk!.code
}
