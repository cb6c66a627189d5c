// `npm run bench`: measures this library beside its peers in Chromium, prints tables and writes docs/benchmarks.md. Ends
// with 1 where a goal is missed, with 2 where it could not be measured.
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { quick, only, write } = new Command('npm run bench --')
  .option('--quick', 'few rounds, to see that everything runs; nothing is written', false)
  .option('--only <name...>', 'only sizes, speed, stored-key, first-key, memory or key-requests', [])
  .option('--no-write', 'leave docs/benchmarks.md and docs/benchmarks.svg as they are')
  .parse()
  .opts()

try {
  const { module } = await runnerImport(`${root}test/bench/bench.ts`, { root, configFile: false, logLevel: 'warn' })
  process.exitCode = (await module.runBench({ quick, only, write })) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
