import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { widgetsForDemo } from '../../../demo/widgets/vite-plugin.ts'
import { testPagesFolder } from '../../library.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The library is not in the pages, but beside them, below `/library/`: so the same pages are tried with each of its
 * builds, see `test/library.ts`.
 */
function libraryBeside(): Plugin {
  const urls = new Map(
    ['index', 'widgets/index', 'service-worker/index'].map(entry => [
      here(`../../../src/${entry}.ts`),
      `/library/${entry.replace('/index', '')}.js`,
    ]),
  )
  return {
    name: 'library-beside',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!importer || !source.startsWith('.')) return
      const url = urls.get((await this.resolve(source, importer, { skipSelf: true }))?.id ?? '')
      return url && { id: url, external: 'absolute' }
    },
  }
}

/**
 * Pages for tests in a browser, served beside the demo page: each `NAME.html` here is `/test/NAME.html`. React there is the
 * one for production, in which StrictMode does nothing. With `--mode development` those of `development/`, with the other,
 * and with the library in them.
 */
export default defineConfig(({ mode }) => {
  const folder = mode === 'development' ? 'development/' : ''
  const root = here(`./${folder}`)
  return {
    root,
    base: `/test/${folder}`,
    plugins: [widgetsForDemo(), ...(folder ? [] : [libraryBeside()])],
    build: {
      target: 'es2022',
      outDir: `${testPagesFolder}/${folder}`,
      emptyOutDir: true,
      minify: !folder,
      rolldownOptions: {
        input: readdirSync(root, 'utf8')
          .filter(name => name.endsWith('.html'))
          .map(name => root + name),
      },
    },
  }
})
