// Makes what size budgets are measured on: each entry with everything that it imports, but for the app's framework.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { minifiedBundle } from './minified-bundle.mjs'

const folder = fileURLToPath(new URL('../reports/size', import.meta.url))
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
  await writeFile(`${folder}/${name}.js`, await minifiedBundle(entry, [/^react/, /^preact/, /^@preact\//]))
}
