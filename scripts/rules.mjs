// Keeps the table in docs/rules.md: which test files name which rule in their titles, and how often.
//
//   node scripts/rules.mjs            writes the table's last column
//   node scripts/rules.mjs --check    fails when it is not up to date, or a rule has no test
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = `${root}docs/rules.md`

const testFiles = readdirSync(`${root}test`, { recursive: true })
  .map(String)
  .filter(path => path.endsWith('.test.ts'))
  .sort()

/** By rule number, then by file: how many titles name it. */
const found = new Map()
for (const file of testFiles) {
  const code = readFileSync(`${root}test/${file}`, 'utf8')
  // As titles have it: "(rule 3)", "(rules 1 and 5)", "(rules 2, 15)".
  for (const [, numbers] of code.matchAll(/\(rules? ([\d, and]+)\)/g)) {
    for (const rule of numbers.match(/\d+/g)) {
      const files = found.get(rule) ?? new Map()
      found.set(rule, files.set(file, (files.get(file) ?? 0) + 1))
    }
  }
}

const untested = []
const before = readFileSync(page, 'utf8')
const after = before.replace(/^\| (\d+) \| ([^|]*) \|.*\|$/gm, (_, rule, about) => {
  const files = [...(found.get(rule) ?? [])]
  if (files.length === 0) untested.push(rule)
  const tests = files.map(([file, count]) => `[${file.replace('.test.ts', '')}](../test/${file}) ${count}`)
  return `| ${rule} | ${about} | ${tests.join(', ')} |`
})

if (untested.length > 0) {
  console.error(`docs/rules.md: no test names rule ${untested.join(', ')}.`)
  process.exitCode = 1
}
if (!process.argv.includes('--check')) writeFileSync(page, after)
else if (after !== before) {
  console.error('docs/rules.md is not up to date: run `npm run rules`.')
  process.exitCode = 1
}
