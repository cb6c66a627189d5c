// Bundles the library for tests in browsers, as modules and not minified: what their pages load where they do not load
// the published, minified files.
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = `${root}node_modules/.cache/test-library`

const write = lib =>
  build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: { target: 'es2022', minify: false, outDir, emptyOutDir: false, lib },
  })
const wholeScript = (entry, name, suffix) =>
  write({ entry, formats: ['iife'], name, fileName: () => `filerobot-widget-auth.${suffix}.js` })

/** Writes the entries, and the two classic scripts with everything in them, by the names of the published files. */
export async function buildLibrary() {
  await rm(outDir, { recursive: true, force: true })
  await write({
    entry: {
      index: 'src/index.ts',
      widgets: 'src/widgets/index.ts',
      'service-worker': 'src/service-worker/index.ts',
    },
    formats: ['es'],
  })
  await wholeScript('src/global.ts', 'FilerobotAuth', 'global')
  await wholeScript('src/service-worker/worker.ts', 'FilerobotAuthWorker', 'service-worker')
}
