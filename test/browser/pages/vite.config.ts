import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { widgetsForDemo } from '../../../demo/widgets/vite-plugin.ts'
import { testPagesFolder } from '../harness.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Pages for tests in a browser, served beside the demo page: each `NAME.html` here is `/test/NAME.html`. */
export default defineConfig({
  root: here('.'),
  base: '/test/',
  mode: 'production',
  plugins: [widgetsForDemo()],
  build: {
    target: 'es2022',
    outDir: testPagesFolder,
    emptyOutDir: true,
    rolldownOptions: {
      input: readdirSync(here('.'), 'utf8')
        .filter(name => name.endsWith('.html'))
        .map(here),
    },
  },
})
