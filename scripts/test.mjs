// `npm test`: all checks, then all tests. The last line is always `N passed, N failed, N skipped`: tests, and as failed
// also a check that failed or a file of tests that could not be run. Stops at the first check that fails.
//
//   npm test -- --keep-going    goes on after a failed check, to see everything that is wrong
//
// After 14 minutes, or as many as TEST_MINUTES says, it ends what it has started and says which tests were under way.
import { readFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './chromium.mjs'
import { installEngines } from './engines.mjs'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = `${root}reports/vitest.json`
const keepsGoing = process.argv.includes('--keep-going')
const minutes = Number(process.env.TEST_MINUTES || 14)
const deadline = AbortSignal.timeout(minutes * 60_000)

/** Names of scripts in package.json, in the order in which a mistake is cheapest to find. */
const checks = [
  { name: 'Format', script: 'format:check' },
  { name: 'Lint', script: 'lint' },
  { name: 'Types', script: 'types' },
  { name: 'Unused code', script: 'knip' },
  { name: 'Rules', script: 'rules:check' },
  { name: 'Licences', script: 'licences' },
  { name: 'Changelog', script: 'changelog:check' },
  { name: 'Build', script: 'pack' },
  { name: 'Test pages', script: 'build:pages' },
  { name: 'API reference', script: 'api:check' },
  { name: 'Size budgets', script: 'size', showsOutput: true },
  { name: 'Size record', script: 'size:check' },
  { name: 'Package', script: 'package:check' },
]

/** By the npm that runs this script: on Windows `npm` is no program that can be started without a shell. */
function runScript(name) {
  const npm = process.env.npm_execpath
  const args = ['run', '--silent', name]
  const options = { cwd: root, signal: deadline, isKept: true, env: { NO_COLOR: '1', FORCE_COLOR: undefined } }
  return npm ? run(process.execPath, [npm, ...args], options) : run('npm', args, options)
}

/** The names of the checks that failed; prints how each went. */
async function runChecks() {
  const failed = []
  for (const { name, script, showsOutput } of checks) {
    const startedAtMs = Date.now()
    const { isOk, output } = await runScript(script)
    const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1)
    console.log(`${isOk ? '✓' : '✗'} ${name.padEnd(13)} ${seconds.padStart(5)} s   npm run ${script}`)
    if (!isOk || showsOutput) console.log(output.trimEnd().replace(/^(?=.)/gm, '    '))
    if (deadline.aborted) console.log(`    Ended: the whole run had taken ${minutes} minutes.`)
    if (isOk) continue
    failed.push(name)
    if (!keepsGoing || deadline.aborted) break
  }
  return failed
}

/** Runs all tests and counts them in the runner's own report. */
async function runTests(chromiumPath, isBuilt) {
  await rm(report, { force: true })
  const reporters = [
    'default',
    'json',
    ...['skips', 'retries', 'progress', 'matrix'].map(name => `./scripts/${name}-reporter.mjs`),
  ]
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
  /** What is under way, by file. */
  const started = new Map()
  const { isOk } = await run(
    process.execPath,
    [vitest, 'run', ...reporters.map(name => `--reporter=${name}`), `--outputFile.json=${report}`],
    {
      cwd: root,
      signal: deadline,
      env: { CHROMIUM_PATH: chromiumPath, TESTS_ARE_BUILT: isBuilt ? 'yes' : '' },
      onMessage({ file, test, sinceMs }) {
        if (sinceMs) started.set(file, { test, sinceMs })
        else started.delete(file)
      },
    },
  )
  if (deadline.aborted) {
    console.log(`\nEnded: the whole run had taken ${minutes} minutes. Under way were:`)
    for (const [file, { test, sinceMs }] of started) {
      console.log(`  ${file}, for ${((Date.now() - sinceMs) / 1000).toFixed(0)} s: ${test || 'before its first test'}`)
    }
  }
  const counts = await readCounts()
  // An error that no test caught fails the run too.
  if (!isOk && counts.failed === 0) counts.failed = 1
  return counts
}

async function readCounts() {
  let found
  try {
    found = JSON.parse(await readFile(report, 'utf8'))
  } catch {
    console.log('The tests ended without a report.')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  // A file that throws while it is loaded has no tests to count.
  const brokenFiles = found.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every(({ status }) => status !== 'failed'),
  )
  return {
    passed: found.numPassedTests,
    failed: found.numFailedTests + brokenFiles.length,
    skipped: found.numPendingTests + found.numTodoTests,
  }
}

const total = { passed: 0, failed: 0, skipped: 0 }
try {
  const chromiumPath = ensureChromium()
  installEngines()
  const failedChecks = await runChecks()
  total.failed = failedChecks.length
  if (total.failed === 0 || keepsGoing) {
    const isBuilt = !failedChecks.includes('Build') && !failedChecks.includes('Test pages')
    const { passed, failed, skipped } = await runTests(chromiumPath, isBuilt)
    total.passed = passed
    total.failed += failed
    total.skipped = skipped
  } else {
    console.log('\nThe tests were not run, because of the failed check (npm test -- --keep-going runs them).')
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  total.failed += 1
}
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
