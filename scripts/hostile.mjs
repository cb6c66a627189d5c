// `npm run hostile`: a million hostile inputs for the key decoder instead of CI's 20,000, then everything else of
// `test/hostile`. Writes how long the million took into `docs/hostile-input.md`.
//
//   HOSTILE_RUNS=5000000 npm run hostile
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { HOSTILE_RUNS = '1000000' } = process.env
const vitest = `${root}node_modules/vitest/vitest.mjs`
const { isOk } = await run(process.execPath, [vitest, 'run', '--project', 'hostile'], {
  cwd: root,
  env: { HOSTILE_RUNS },
  signal: new AbortController().signal,
})
process.exitCode = isOk ? 0 : 1
