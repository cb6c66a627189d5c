import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { widgetsForDemo } from '../../demo/widgets/vite-plugin.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where the pages' scripts are. */
export const pagesFolder = here('../../node_modules/.cache/bench-pages')

/** Bundles each file of `pages` for the browser, minified, with the peers that it loads. */
export async function buildPages(): Promise<void> {
  const folder = here('pages/')
  const names = readdirSync(folder).map(name => name.replace('.ts', ''))
  await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    mode: 'production',
    plugins: [widgetsForDemo()],
    build: {
      target: 'es2022',
      outDir: pagesFolder,
      emptyOutDir: true,
      modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries(names.map(name => [name, `${folder}${name}.ts`])),
        output: { entryFileNames: '[name].js' },
      },
    },
  })
}
