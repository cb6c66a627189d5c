// Keeps docs/sizes.json, how large each entry is after minification and gzip, so that a change that makes one larger says
// so. The budgets, which none may pass, are in .size-limit.json. Needs `npm run build` and `npm run build:entries`.
//
//   node scripts/sizes.mjs            fails when a size is not as recorded, larger or smaller
//   node scripts/sizes.mjs --write    writes the record
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sizeDifferences } from './size/difference.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const record = `${root}docs/sizes.json`

const sizeLimit = [`${root}node_modules/size-limit/bin.js`, '--json']
const { stdout } = spawnSync(process.execPath, sizeLimit, { cwd: root, encoding: 'utf8' })
const measured = Object.fromEntries(JSON.parse(stdout).map(({ name, size }) => [name, size]))

if (process.argv.includes('--write')) writeFileSync(record, `${JSON.stringify(measured, null, 2)}\n`)
else {
  const found = sizeDifferences(JSON.parse(readFileSync(record, 'utf8')), measured)
  for (const difference of found) console.error(`${difference} bytes`)
  if (found.length > 0) {
    console.error(
      'docs/sizes.json is not up to date: run `npm run size:report`, and commit it with what changed a size.',
    )
    process.exitCode = 1
  }
}
