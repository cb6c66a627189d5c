// Makes what size budgets are measured on: each entry with everything that it imports, but for the app's framework, as
// an app's bundler would take it, minified: by Vite's own minifier, which leaves the white space in an ES library, then
// by Terser.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}reports/size`
const entries = {
  core: 'src/index.ts',
  widgets: 'src/widgets/index.ts',
  'service-worker': 'src/service-worker/index.ts',
  react: 'src/react.ts',
  preact: 'src/preact.ts',
}

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const [name, entry] of Object.entries(entries)) {
  const bundle = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      minify: 'oxc',
      lib: { entry, formats: ['es'], fileName: name },
      rolldownOptions: { external: [/^react/, /^preact/, /^@preact\//] },
    },
  })
  const chunks = [bundle].flat().flatMap(({ output }) => output.filter(({ type }) => type === 'chunk'))
  if (chunks.length !== 1) throw new Error(`${entry} must be one file, and is ${chunks.length}.`)
  const { code } = await minify(chunks[0].code, { module: true, ecma: 2022, compress: { passes: 3 }, mangle: true })
  await writeFile(`${folder}/${name}.js`, code)
}
