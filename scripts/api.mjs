// Makes the API reference, docs/api.md and docs/api/, from the docstrings of all entries, and docs/api-report/, their
// types alone. Needs `npm run build`.
//
//   node scripts/api.mjs            writes the pages and the reports
//   node scripts/api.mjs --check    fails when they are not up to date
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readEntries } from './api/entries.mjs'
import { renderIndex, renderPage } from './api/page.mjs'
import { renderReport } from './api/report.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = `${root}docs/`

const entries = readEntries(root)
const undocumented = []
const files = new Map([
  ['api.md', renderIndex(entries)],
  ...entries.map(entry => [`api/${entry.page}.md`, renderPage(entry, entries, undocumented)]),
  ...entries.map(entry => [`api-report/${entry.page}.d.ts`, renderReport(entry)]),
])

const folders = ['api', 'api-report']
for (const folder of folders) mkdirSync(docs + folder, { recursive: true })
const written = folders.flatMap(folder => readdirSync(docs + folder).map(name => `${folder}/${name}`))
// What was released is kept by `npm run release`.
const leftOver = written.filter(file => !files.has(file) && file !== 'api-report/released')
const read = file => (existsSync(docs + file) ? readFileSync(docs + file, 'utf8') : '')
const stale = [...files].filter(([file, text]) => read(file) !== text).map(([file]) => file)

if (undocumented.length > 0) {
  console.error(`Without a docstring:\n  ${[...new Set(undocumented)].join('\n  ')}`)
  process.exitCode = 1
}
if (process.argv.includes('--check')) {
  for (const file of [...stale, ...leftOver]) {
    console.error(`docs/${file} is not up to date: run \`npm run build && npm run api\`.`)
    process.exitCode = 1
  }
} else {
  for (const [file, text] of files) writeFileSync(docs + file, text)
  for (const file of leftOver) rmSync(docs + file)
}
