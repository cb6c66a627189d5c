// `npm run test:engines`: the tests that run in every engine, in one engine or with one build of the library.
//
//   npm run test:engines                                            as in `npm test`
//   npm run test:engines -- --engine Firefox --build modules        any other combination
//   npm run test:engines -- --engine WebKitGTK test/engines/core.test.ts -t 'rule 12'
//
// Whatever else is given goes to Vitest.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { takeChoice } from './engine-choice.mjs'

try {
  const { env, rest } = takeChoice(process.argv.slice(2))
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
  const reporters = ['default', './scripts/matrix-reporter.mjs']
  const args = [vitest, 'run', '--project', 'engines', ...reporters.map(name => `--reporter=${name}`), ...rest]
  const { status } = spawnSync(process.execPath, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  process.exitCode = status ?? 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
