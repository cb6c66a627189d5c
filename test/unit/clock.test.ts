import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeMachine } from './fake-machine.ts'
import { MINUTE_MS, tidyUp } from './fakes.ts'

const SECOND_MS = 1000
const DAY_MS = 1440 * MINUTE_MS

let machine: ReturnType<typeof fakeMachine>
let clock: typeof import('../../src/clock.ts')

/** A clock of its own, as another page load has it. */
async function anotherClock() {
  vi.resetModules()
  return import('../../src/clock.ts')
}

beforeEach(async () => {
  machine = fakeMachine({ turns: 0 })
  clock = await anotherClock()
})
afterEach(tidyUp)

describe('the time of a page (rule 8)', () => {
  it('is the wall clock’s while nobody touches it, however wrong it is', async () => {
    const since1970Ms = machine.trueMs - 60_000
    for (const wrongMs of [-since1970Ms, 0, -DAY_MS, DAY_MS]) {
      machine.wrongMs = wrongMs
      const { nowMs, ...other } = await anotherClock()
      for (const waitMs of [0, 1, 999, SECOND_MS, 5 * MINUTE_MS, DAY_MS]) {
        await machine.pass(waitMs)
        expect(nowMs()).toBe(machine.wallMs)
      }
      expect(other.aheadMs).toBe(0)
    }
  })

  it('follows the wall clock through sleep, whether the monotonic one stood still or not', async () => {
    clock.nowMs()
    for (const isMonotonicStopped of [true, false]) {
      machine.sleep(8 * 60 * MINUTE_MS, { isMonotonicStopped })
      expect(clock.nowMs()).toBe(machine.wallMs)
      await machine.pass(MINUTE_MS)
      expect(clock.nowMs()).toBe(machine.wallMs)
    }
    expect(clock.aheadMs).toBe(0)
  })

  it.each([1, 1500, 10 * MINUTE_MS, DAY_MS])('follows a clock that is set forward by %i ms', async forwardMs => {
    clock.nowMs()
    await machine.pass(MINUTE_MS)
    machine.wrongMs += forwardMs
    expect(clock.nowMs()).toBe(machine.wallMs)
    await machine.pass(MINUTE_MS)
    expect(clock.nowMs()).toBe(machine.wallMs)
    expect(clock.aheadMs).toBe(0)
  })

  it.each([1500, 10_000, MINUTE_MS, 20 * MINUTE_MS, DAY_MS])(
    'goes on when the clock is set back by %i ms, and says by how much it is ahead',
    async backMs => {
      clock.nowMs()
      await machine.pass(MINUTE_MS)
      clock.nowMs()
      machine.wrongMs -= backMs
      expect(clock.nowMs()).toBe(machine.trueMs)
      expect(clock.aheadMs).toBe(backMs)
      await machine.pass(MINUTE_MS)
      expect(clock.nowMs()).toBe(machine.trueMs)
      expect(clock.nowMs() - clock.aheadMs).toBe(machine.wallMs)
    },
  )

  it('notices a setting back that is shorter than the time since it was last asked', async () => {
    clock.nowMs()
    await machine.pass(10 * MINUTE_MS)
    machine.wrongMs -= 5 * MINUTE_MS
    expect(clock.nowMs()).toBe(machine.trueMs)
  })

  it('counts sleep besides a setting back before it', async () => {
    clock.nowMs()
    machine.wrongMs -= 10 * MINUTE_MS
    clock.nowMs()
    machine.sleep(60 * MINUTE_MS)
    expect(clock.nowMs()).toBe(machine.trueMs)
  })

  it('counts sleep in which the clock was set back, where the monotonic one counts it', () => {
    const sinceMs = clock.nowMs()
    machine.sleep(8 * 60 * MINUTE_MS, { isMonotonicStopped: false })
    machine.wrongMs -= 7 * 60 * MINUTE_MS
    expect(clock.nowMs()).toBe(sinceMs + 8 * 60 * MINUTE_MS)
  })

  it('follows corrections of up to a second, also many of them as long as they cancel out', async () => {
    clock.nowMs()
    for (const byMs of [-900, 900, -500, -500, 1000, -1000]) {
      machine.wrongMs += byMs
      await machine.pass(5000)
      expect(clock.nowMs()).toBe(machine.wallMs)
    }
    expect(clock.aheadMs).toBe(0)
  })

  it('notices a clock that is set back a little again and again', async () => {
    clock.nowMs()
    for (let time = 0; time < 20; time++) {
      machine.wrongMs -= 600
      await machine.pass(5000)
      expect(machine.trueMs - clock.nowMs()).toBeLessThanOrEqual(SECOND_MS)
    }
  })

  it('is a whole number of milliseconds, and so is the distance', async () => {
    clock.nowMs()
    await machine.pass(1234.567)
    machine.wrongMs -= 5000
    expect(Number.isSafeInteger(clock.nowMs())).toBe(true)
    expect(Number.isSafeInteger(clock.aheadMs)).toBe(true)
  })

  it('looks at the monotonic clock once a second at most, or when the wall clock ran backwards', async () => {
    for (let call = 0; call < 1000; call++) clock.nowMs()
    expect(machine.monotonicReads).toBe(1)
    for (let ms = 0; ms < 10_000; ms += 10) {
      await machine.pass(10)
      clock.nowMs()
    }
    expect(machine.monotonicReads).toBeLessThanOrEqual(11)
    machine.monotonicReads = 0
    machine.wrongMs -= 5000
    for (let call = 0; call < 1000; call++) clock.nowMs()
    expect(machine.monotonicReads).toBe(1)
  })
})

type Change = { do: 'pass' | 'sleep' | 'set'; ms: number }

/** What happens to a machine between two looks at the clock. */
const anyChanges = (setMs: fc.Arbitrary<number>) =>
  fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(3000) }),
      fc.record({ do: fc.constantFrom('pass' as const, 'sleep' as const), ms: fc.nat(2 * DAY_MS) }),
      fc.record({ do: fc.constant('set' as const), ms: setMs }),
    ),
    { maxLength: 30 },
  )

/** Does what is to be done, and looks at the clock after each. */
async function lookAfterEach(
  changes: Change[],
  see: (nowMs: number, elapsedMs: number, isSleep: boolean) => void,
): Promise<void> {
  const { nowMs } = await anotherClock()
  nowMs()
  for (const change of changes) {
    if (change.do === 'pass') await machine.pass(change.ms)
    else if (change.do === 'sleep') machine.sleep(change.ms)
    else machine.wrongMs += change.ms
    see(nowMs(), change.do === 'set' ? 0 : change.ms, change.do === 'sleep')
  }
}

describe('whatever happens to the clocks (rule 8)', () => {
  it('time that is only set back never runs back by more than a second, and passes as it does in truth', async () => {
    const setBack = fc.oneof(fc.integer({ min: -3000, max: 0 }), fc.integer({ min: -2 * DAY_MS, max: 0 }))
    await fc.assert(
      fc.asyncProperty(anyChanges(setBack), async changes => {
        let highestMs = Number.NEGATIVE_INFINITY
        // One second of tolerance, and one between two looks at the monotonic clock.
        let leastMs = machine.wallMs - 2 * SECOND_MS
        await lookAfterEach(changes, (now, elapsedMs, isSleep) => {
          expect(now).toBeGreaterThanOrEqual(highestMs - SECOND_MS)
          highestMs = Math.max(highestMs, now)
          // After a sleep, nothing can tell how a correction of less than a second came about.
          leastMs += elapsedMs - (isSleep ? SECOND_MS : 0)
          expect(now).toBeGreaterThanOrEqual(leastMs)
        })
      }),
      { numRuns: 300 },
    )
  })

  it('time never runs back by more than two seconds, nor ahead of both clocks', async () => {
    const set = fc.oneof(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }))
    await fc.assert(
      fc.asyncProperty(anyChanges(set), async changes => {
        let highestMs = Number.NEGATIVE_INFINITY
        let mostMs = machine.wallMs + SECOND_MS
        let wallMs = machine.wallMs
        await lookAfterEach(changes, (now, elapsedMs) => {
          // One second of tolerance, and one for a setting forward since the last look at the monotonic clock.
          expect(now).toBeGreaterThanOrEqual(highestMs - 2 * SECOND_MS)
          highestMs = Math.max(highestMs, now)
          mostMs += Math.max(elapsedMs, machine.wallMs - wallMs)
          wallMs = machine.wallMs
          expect(now).toBeLessThanOrEqual(mostMs)
        })
      }),
      { numRuns: 300 },
    )
  })
})
