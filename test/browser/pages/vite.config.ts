import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { widgetsForDemo } from '../../../demo/widgets/vite-plugin.ts'
import { testPagesFolder } from '../harness.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Pages for tests in a browser, served beside the demo page: each `NAME.html` here is `/test/NAME.html`. React there is the
 * one for production, in which StrictMode does nothing. With `--mode development` those of `development/`, with the other.
 */
export default defineConfig(({ mode }) => {
  const folder = mode === 'development' ? 'development/' : ''
  const root = here(`./${folder}`)
  return {
    root,
    base: `/test/${folder}`,
    plugins: [widgetsForDemo()],
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
