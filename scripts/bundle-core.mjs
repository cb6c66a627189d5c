// Makes what the size budget of the core is measured on: the core entry with everything that it imports, as an app's
// bundler would take it, minified: by Vite's own minifier, which leaves the white space in an ES library, then by Terser.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}reports/size`

const bundle = await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    write: false,
    target: 'es2022',
    minify: 'oxc',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'core' },
  },
})
const chunks = [bundle].flat().flatMap(({ output }) => output.filter(({ type }) => type === 'chunk'))
if (chunks.length !== 1) throw new Error(`The core must be one file, and is ${chunks.length}.`)

const { code } = await minify(chunks[0].code, { module: true, ecma: 2022, compress: { passes: 3 }, mangle: true })
await mkdir(folder, { recursive: true })
await writeFile(`${folder}/core.js`, code)
