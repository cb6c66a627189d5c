import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { widgetsForDemo } from '../../../demo/widgets/vite-plugin.ts'
import { testPagesFolder } from '../harness.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Pages for tests in a browser, served beside the demo page: `/test/blank.html` and `/test/widgets.html`. */
export default defineConfig({
  root: here('.'),
  base: '/test/',
  mode: 'production',
  plugins: [widgetsForDemo()],
  build: {
    target: 'es2022',
    outDir: testPagesFolder,
    emptyOutDir: true,
    rolldownOptions: { input: [here('blank.html'), here('widgets.html')] },
  },
})
