// `npm test`: all checks, then all tests. The last line is always `N passed, N failed, N skipped`: tests, and as failed
// also a check that failed or a file of tests that could not be run. Stops at the first check that fails.
//
//   npm test -- --keep-going    goes on after a failed check, to see everything that is wrong
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './chromium.mjs'
import { installEngines } from './engines.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = `${root}reports/vitest.json`
const keepsGoing = process.argv.includes('--keep-going')

/** Names of scripts in package.json, in the order in which a mistake is cheapest to find. */
const checks = [
  { name: 'Format', script: 'format:check' },
  { name: 'Lint', script: 'lint' },
  { name: 'Types', script: 'types' },
  { name: 'Unused code', script: 'knip' },
  { name: 'Rules', script: 'rules:check' },
  { name: 'Build', script: 'build' },
  { name: 'API reference', script: 'api:check' },
  { name: 'Size budgets', script: 'size', showsOutput: true },
  { name: 'Package', script: 'package:check' },
]

/** Runs a program without input, to its end. Its output is shown as it comes, or kept. */
function run(command, args, { env = {}, isKept = false } = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', isKept ? 'pipe' : 'inherit', isKept ? 'pipe' : 'inherit'],
      env: { ...process.env, ...env },
    })
    let output = ''
    const keep = data => {
      output += data
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    child.on('error', error => resolve({ isOk: false, output: String(error) }))
    child.on('close', code => resolve({ isOk: code === 0, output }))
  })
}

/** By the npm that runs this script: on Windows `npm` is no program that can be started without a shell. */
function runScript(name) {
  const npm = process.env.npm_execpath
  const args = ['run', '--silent', name]
  const options = { isKept: true, env: { NO_COLOR: '1', FORCE_COLOR: undefined } }
  return npm ? run(process.execPath, [npm, ...args], options) : run('npm', args, options)
}

/** Whether all checks passed; prints how each went. */
async function runChecks() {
  let failedCount = 0
  for (const { name, script, showsOutput } of checks) {
    const startedAtMs = Date.now()
    const { isOk, output } = await runScript(script)
    const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1)
    console.log(`${isOk ? '✓' : '✗'} ${name.padEnd(13)} ${seconds.padStart(5)} s   npm run ${script}`)
    if (!isOk || showsOutput) console.log(output.trimEnd().replace(/^(?=.)/gm, '    '))
    if (isOk) continue
    failedCount += 1
    if (!keepsGoing) break
  }
  return failedCount
}

/** Runs all tests and counts them in the runner's own report. */
async function runTests(chromiumPath) {
  await rm(report, { force: true })
  const reporters = ['default', 'json', './scripts/skips-reporter.mjs'].map(name => `--reporter=${name}`)
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
  const { isOk } = await run(process.execPath, [vitest, 'run', ...reporters, `--outputFile.json=${report}`], {
    env: { CHROMIUM_PATH: chromiumPath },
  })
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
  total.failed = await runChecks()
  if (total.failed === 0 || keepsGoing) {
    const { passed, failed, skipped } = await runTests(chromiumPath)
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
