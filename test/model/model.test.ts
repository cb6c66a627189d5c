import { setMaxListeners } from 'node:events'
import type { RunDetails } from 'fast-check'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schedules } from './generate.ts'
import { buildLibrary, type LoadLibrary } from './library.ts'
import { watchRejections } from './rejections.ts'
import type { Schedule } from './schedule.ts'
import { explain, simulate } from './simulation.ts'

const { MODEL_RUNS, MODEL_SEED, MODEL_PATH } = process.env
/** The same one each time, so that what is red was made red by a change. `MODEL_SEED=random` goes exploring. */
const seed = MODEL_SEED === 'random' ? Date.now() : Number(MODEL_SEED ?? 20_261_123)

let load: LoadLibrary
let rejections: ReturnType<typeof watchRejections>

beforeAll(async () => {
  // A browser does not count who listens to a signal.
  setMaxListeners(0)
  load = await buildLibrary()
  rejections = watchRejections()
})
afterAll(() => rejections.end())

/** Why it failed, by what, and how to see it again. */
async function report({
  seed,
  numRuns,
  numShrinks,
  counterexample,
  counterexamplePath,
  errorInstance,
}: RunDetails<[Schedule]>) {
  if (!counterexample) return ''
  return [
    String(errorInstance),
    `after ${numRuns} schedules and ${numShrinks} simplifications. To see it again:`,
    `  MODEL_SEED=${seed} MODEL_PATH=${counterexamplePath} npx vitest run --project model`,
    '',
    await explain(counterexample[0], load, rejections),
  ].join('\n')
}

describe('whatever tabs, callers, clocks, storage and networks do', () => {
  it('the rules hold (rules 1, 3, 4, 8, 9, 10, 14, 15, 16 and 17)', async () => {
    const startedAtMs = performance.now()
    const outcome = await fc.check(
      fc.asyncProperty(schedules, async schedule => void (await simulate(schedule, load, rejections))),
      {
        numRuns: Number(MODEL_RUNS ?? 2000),
        seed,
        ...(MODEL_PATH !== undefined && { path: MODEL_PATH }),
      },
    )
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
    console.log(`model: ${outcome.numRuns} schedules in ${seconds} s, seed ${outcome.seed}`)
    expect(await report(outcome)).toBe('')
  })
})
