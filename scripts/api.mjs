// Makes the API reference, docs/api.md and docs/api/, from the docstrings of all entries. Needs `npm run build`.
//
//   node scripts/api.mjs            writes the pages
//   node scripts/api.mjs --check    fails when they are not up to date
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readEntries } from './api/entries.mjs'
import { renderIndex, renderPage } from './api/page.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = `${root}docs/`

const entries = readEntries(root)
const undocumented = []
const pages = new Map([
  ['api.md', renderIndex(entries)],
  ...entries.map(entry => [`api/${entry.page}.md`, renderPage(entry, entries, undocumented)]),
])

mkdirSync(`${docs}api`, { recursive: true })
const written = ['api.md', ...readdirSync(`${docs}api`).map(name => `api/${name}`)]
const leftOver = written.filter(page => !pages.has(page))
const read = page => (existsSync(docs + page) ? readFileSync(docs + page, 'utf8') : '')
const stale = [...pages].filter(([page, text]) => read(page) !== text).map(([page]) => page)

if (undocumented.length > 0) {
  console.error(`Without a docstring:\n  ${[...new Set(undocumented)].join('\n  ')}`)
  process.exitCode = 1
}
if (process.argv.includes('--check')) {
  for (const page of [...stale, ...leftOver]) {
    console.error(`docs/${page} is not up to date: run \`npm run build && npm run api\`.`)
    process.exitCode = 1
  }
} else {
  for (const [page, text] of pages) writeFileSync(docs + page, text)
  for (const page of leftOver) rmSync(docs + page)
}
