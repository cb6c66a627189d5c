// `npm run mutation`: makes one small mistake after the other in the pure parts and in the client, by Stryker, runs the
// tests of the core against each, and writes what came of it to docs/mutation.md. Takes most of an hour of two cores.
//
//   npm run mutation                          everything, and the page
//   npm run mutation -- --mutate src/limit.ts     one file; nothing is written
//   npm run mutation -- --report              the page once more, from the last run's report
//
// Fails below 85 %, and where a mutant survives that test/mutation/survivors.json does not explain.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readMutants } from './mutation/mutants.mjs'
import { renderMutation } from './mutation/page.mjs'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = path => JSON.parse(readFileSync(root + path, 'utf8'))
const { values } = parseArgs({ options: { mutate: { type: 'string' }, report: { type: 'boolean' } } })

const startedAtMs = Date.now()
if (!values.report) {
  const stryker = fileURLToPath(new URL('../node_modules/@stryker-mutator/core/bin/stryker.js', import.meta.url))
  const only = values.mutate ? ['--mutate', values.mutate] : []
  const { isOk } = await run(process.execPath, [stryker, 'run', 'test/mutation/stryker.config.json', ...only], {
    cwd: root,
    signal: new AbortController().signal,
  })
  if (!isOk) process.exitCode = 1
}

const report = read('reports/mutation/mutation.json')
const mutants = readMutants(report, read('test/mutation/survivors.json'))
if (!values.mutate) {
  const { version } = read('node_modules/@stryker-mutator/core/package.json')
  const minutes = values.report ? undefined : Math.round((Date.now() - startedAtMs) / 60_000)
  writeFileSync(`${root}docs/mutation.md`, renderMutation(mutants, { version, date: new Date(), minutes }))
}
for (const { file, line, code, replacement } of mutants.filter(({ isAlive, why }) => isAlive && !why)) {
  console.error(`Not explained: ${file}:${line}  ${code}  →  ${replacement}`)
  process.exitCode = 1
}
