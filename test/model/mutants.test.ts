import { setMaxListeners } from 'node:events'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mistake } from '../mutation.ts'
import { schedules } from './generate.ts'
import { buildLibrary } from './library.ts'
import { watchRejections } from './rejections.ts'
import { simulate } from './simulation.ts'

/** A mistake made on purpose: `right` stands once in `file`, and `wrong` in its place. */
interface Mutant {
  about: string
  file: string
  right: string
  wrong: string
}

const MUTANTS: Mutant[] = [
  {
    about: 'starts are not counted',
    file: 'src/attempt.ts',
    right: 'starts: [...record.starts, now]',
    wrong: 'starts: [now]',
  },
  {
    about: 'a key lives from the answer on, and not from the start of its request',
    file: 'src/attempt.ts',
    right: 'startedAtMs,\n        grant.expiresInSeconds',
    wrong: 'nowMs(),\n        grant.expiresInSeconds',
  },
  {
    about: 'a waiting caller is not woken when there is a key, or nothing to wait for any more',
    file: 'src/waiting.ts',
    right: 'sleepers.delete(wake!)',
    wrong: 'await new Promise(() => {})',
  },
  {
    about: 'the result of a request that was begun before clear() is kept',
    file: 'src/attempt.ts',
    right: 'if (present.generation === generation)',
    wrong: 'if (generation >= 0)',
  },
  {
    about: 'a failure is tried again without back-off',
    file: 'src/lifetime.ts',
    right: 'Math.ceil(random * Math.min(60, 2 ** failures) * SECOND_MS)',
    wrong: '0',
  },
  {
    about: 'a hidden page renews',
    file: 'src/page.ts',
    right: "globalThis.document?.visibilityState !== 'hidden'",
    wrong: 'true',
  },
]

/** A fixed one, so that catching does not depend on luck; what it finds was found with others too. */
const SEED = 20_261_123
const RUNS = 1000

let rejections: ReturnType<typeof watchRejections>
beforeAll(() => {
  setMaxListeners(0)
  rejections = watchRejections()
})
afterAll(() => rejections.end())

describe('the model can fail: it catches', () => {
  it.each(MUTANTS)('$about', async ({ file, right, wrong }) => {
    const { mutate, count } = mistake(file, right, wrong)
    const load = await buildLibrary(mutate)
    expect(count(), `${file} has another text now`).toBe(1)
    const outcome = await fc.check(
      fc.asyncProperty(schedules, async schedule => void (await simulate(schedule, load, rejections))),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    )
    rejections.take()
    expect(outcome.failed).toBe(true)
    console.log(`caught after ${outcome.numRuns} schedules: ${String(outcome.errorInstance).split('\n')[0]}`)
  })
})
