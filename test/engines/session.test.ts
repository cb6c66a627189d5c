import { describe, expect, it } from 'vitest'
import type { AuthError } from '../../src/index.ts'
import { inEachEngine, type Stage } from './harness.ts'
import { simulateTime } from './page/simulated-time.ts'
import { call } from './site.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS

/** How long a caller waits by default. */
const MAX_WAIT_MS = 15 * SECOND_MS

/** In a window of its own, which is visible: keys of hidden pages are not renewed. */
const openInSimulatedTime = (stage: Stage) => stage.open({}, { before: [call(simulateTime, 3000)] }, 'window')

/** The most key requests that came in any minute, by the API's own record. */
function mostInAMinute(stage: Stage): number {
  const timesMs = stage.api.log.filter(({ kind }) => kind === 'key').map(({ atMs }) => atMs)
  return Math.max(...timesMs.map(endMs => timesMs.filter(atMs => atMs <= endMs && atMs > endMs - MINUTE_MS).length))
}

/** Runs in a page: a session with a subscriber, looked at every ten seconds. */
async function subscribedFor(durationMs: number, filesUrl: string) {
  const { auth, lib, time } = window
  const outcome = { looks: 0, withoutKey: 0, withDeadKey: 0, statuses: {} as Record<number, number> }
  auth.subscribe(() => {})
  await auth.getKey()
  time.every(10_000, () => {
    const key = auth.peek()?.value
    const { startSeconds = 0, ageSeconds = 0 } = (key && lib.decodeAccessKey(key)) || {}
    outcome.looks++
    if (!key) outcome.withoutKey++
    // As the service judges it, whose clock is this one.
    else if (time.nowMs() >= (startSeconds + ageSeconds) * 1000) outcome.withDeadKey++
  })
  // And what it says itself, now and then.
  const ask = async () => {
    const { status } = await fetch(filesUrl, { headers: { 'X-Filerobot-Key': auth.peek()?.value ?? '' } })
    outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1
  }
  time.every(600_000, () => void ask())
  await time.pass(durationMs)
  return outcome
}

/** Runs in a page: a subscriber, and a caller each second. */
async function calledEachSecond(durationMs: number) {
  const { auth, lib, time } = window
  const outcome = { callers: 0, keys: 0, deadKeys: 0, untimely: 0, longestMs: 0, codes: {} as Record<string, number> }
  auth.subscribe(() => {})
  const callOnce = async () => {
    const calledAtMs = time.nowMs()
    outcome.callers++
    try {
      const { value } = await auth.getKey()
      const { startSeconds = 0, ageSeconds = 0 } = lib.decodeAccessKey(value) ?? {}
      outcome.keys++
      // The service dates keys in whole seconds, so that by its clock they die up to a second before their time.
      if (time.nowMs() >= (startSeconds + ageSeconds + 1) * 1000) outcome.deadKeys++
    } catch (error) {
      const { code, retryAtMs = 0 } = error as AuthError
      outcome.codes[code] = (outcome.codes[code] ?? 0) + 1
      if (retryAtMs <= time.nowMs()) outcome.untimely++
    }
    outcome.longestMs = Math.max(outcome.longestMs, time.nowMs() - calledAtMs)
  }
  time.every(1000, () => void callOnce())
  await time.pass(durationMs)
  return outcome
}

inEachEngine(stage => {
  describe('a simulated day', () => {
    it('with a subscriber and keys of 20 minutes costs 78 requests, and is never without a good key (rules 9, 10)', async () => {
      const tab = await openInSimulatedTime(stage)
      const outcome = await tab.run(subscribedFor, DAY_MS, stage.filesUrl())
      expect(outcome).toEqual({ looks: 8640, withoutKey: 0, withDeadKey: 0, statuses: { 200: 144 } })
      expect(stage.keyRequests()).toBeGreaterThanOrEqual(75)
      expect(stage.keyRequests()).toBeLessThanOrEqual(81)
    })

    it('without subscriber and caller costs none (rule 10)', async () => {
      const tab = await openInSimulatedTime(stage)
      await tab.run(durationMs => window.time.pass(durationMs), DAY_MS)
      expect(stage.keyRequests()).toBe(0)
    })

    it('after one caller costs no more than his request (rule 10)', async () => {
      const tab = await openInSimulatedTime(stage)
      await tab.run(async durationMs => {
        await window.auth.getKey()
        await window.time.pass(durationMs)
      }, DAY_MS)
      expect(stage.keyRequests()).toBe(1)
    })
  })

  describe('a subscriber and a caller each second', () => {
    it.each([1, 2, 10, 60, 240])(
      'make five requests a minute at most with keys of %i s; callers see good keys or rate_limited (rule 3)',
      async validitySeconds => {
        stage.api.setFaults({ validitySeconds })
        const tab = await openInSimulatedTime(stage)
        const outcome = await tab.run(calledEachSecond, 5 * MINUTE_MS)
        expect(outcome).toMatchObject({ callers: 300, deadKeys: 0, untimely: 0 })
        expect(outcome.keys).toBeGreaterThan(0)
        expect(outcome.longestMs).toBeLessThanOrEqual(MAX_WAIT_MS)
        expect(Object.keys(outcome.codes).filter(code => code !== 'rate_limited')).toEqual([])
        expect(mostInAMinute(stage)).toBeLessThanOrEqual(5)
        expect(stage.api.counters.keyRequestsRefused).toBe(0)
      },
    )

    it('make five tries a minute at most where the service refuses all, and recover without a reload (rules 3, 4)', async () => {
      stage.api.setFaults({ keyAnswer: 'too_many' })
      const tab = await openInSimulatedTime(stage)
      const outcome = await tab.run(calledEachSecond, 5 * MINUTE_MS)
      expect(outcome).toMatchObject({ callers: 300, keys: 0, untimely: 0 })
      expect(Object.keys(outcome.codes)).toEqual(['rate_limited'])
      expect(mostInAMinute(stage)).toBeLessThanOrEqual(5)

      stage.api.clearFaults()
      // After each further refusal in a row it waits longer, by chance; how long it has said.
      const waitMs = await tab.run(() => window.auth.state.retryAtMs! - window.time.nowMs())
      expect(waitMs).toBeLessThanOrEqual(15 * MINUTE_MS)
      await tab.run(durationMs => window.time.pass(durationMs), waitMs + 10_000)
      expect(await tab.run(() => window.auth.state.status)).toBe('ready')
      expect(mostInAMinute(stage)).toBeLessThanOrEqual(5)
    })
  })
})
