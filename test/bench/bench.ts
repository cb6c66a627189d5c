import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchChromium } from './browser.ts'
import { buildPages, pagesFolder } from './build.ts'
import { circumstancesOf } from './circumstances.ts'
import { judge } from './goals.ts'
import type { Bench } from './measurements/bench.ts'
import { measureFirstKey } from './measurements/first-key.ts'
import { measureKeyRequests } from './measurements/key-requests.ts'
import { measureMemory } from './measurements/memory.ts'
import { measureSizes } from './measurements/sizes.ts'
import { measureSpeed } from './measurements/speed.ts'
import { measureStoredKey } from './measurements/stored-key.ts'
import { markdownOf } from './report/markdown.ts'
import { pictureOf } from './report/picture.ts'
import { tablesOf } from './report/tables.ts'
import { terminalTable } from './report/terminal.ts'
import type { Measured } from './results.ts'
import { startServers } from './servers.ts'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

/** By the names that `--only` takes, in the order in which they run: times before what makes the machine warm. */
const STEPS: Record<string, (bench: Bench) => Promise<Measured>> = {
  sizes: async () => ({ sizes: await measureSizes() }),
  speed: async bench => ({ speed: await measureSpeed(bench) }),
  'stored-key': async bench => ({ storedKey: await measureStoredKey(bench) }),
  'first-key': async bench => ({ firstKey: await measureFirstKey(bench) }),
  memory: async bench => ({ memory: await measureMemory(bench) }),
  'key-requests': async bench => ({ keyRequests: await measureKeyRequests(bench) }),
}

/** How a run is made. */
export interface BenchOptions {
  /** Fewer rounds: the numbers say little. Nothing is written. */
  quick: boolean
  /** Names of the steps; none means all. Only a whole run is written. */
  only: string[]
  /** Whether the results are written to `docs`. */
  write: boolean
}

/**
 * Measures, prints the tables and writes the page.
 *
 * @returns whether every goal that was measured is reached
 * @throws {TypeError} for an unknown step
 */
export async function runBench({ quick, only, write }: BenchOptions): Promise<boolean> {
  const unknown = only.find(name => !STEPS[name])
  if (unknown) throw new TypeError(`--only ${unknown}: one of ${Object.keys(STEPS).join(', ')} is wanted.`)
  const beganAtMs = Date.now()
  const tell = (words: string) => {
    const seconds = Math.round((Date.now() - beganAtMs) / 1000)
    console.log(`${`${seconds}`.padStart(4)} s  ${words}`)
  }
  tell('the pages are built')
  await buildPages()
  const servers = await startServers(pagesFolder)
  const browser = await launchChromium()
  const measured: Measured = {}
  try {
    for (const [name, measure] of Object.entries(STEPS)) {
      if (only.length > 0 && !only.includes(name)) continue
      tell(name)
      const bench: Bench = { browser, servers, isQuick: quick, tell: words => tell(`${name}: ${words}`) }
      Object.assign(measured, await measure(bench))
    }
  } finally {
    await browser.close()
    await servers.close()
  }
  tell('done')
  console.log(`\n${tablesOf(measured).map(terminalTable).join('\n')}`)
  if (write && !quick && only.length === 0) {
    await writeFile(`${docs}benchmarks.md`, markdownOf(measured, circumstancesOf(browser)))
    await writeFile(`${docs}benchmarks.svg`, pictureOf(measured))
    console.log('Written: docs/benchmarks.md and docs/benchmarks.svg')
  }
  const missed = judge(measured).filter(({ isReached }) => !isReached)
  for (const { what, goal, measured } of missed) console.log(`Missed: ${what}: ${goal}, and it is ${measured}`)
  return missed.length === 0
}
