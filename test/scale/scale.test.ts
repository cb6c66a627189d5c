import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LimitKind } from './limit.ts'
import { LIMITS } from './limit.ts'
import { type Outcome, runOffice } from './office.ts'
import { buildWays, type WayName } from './ways.ts'

const SEED = 1
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let ways: Awaited<ReturnType<typeof buildWays>>
const { stackTraceLimit } = Error
beforeAll(async () => {
  // Thousands of errors, of which nobody reads where they were made.
  Error.stackTraceLimit = 0
  ways = await buildWays()
})
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
})

const office = (
  way: WayName,
  browserCount: number,
  { limit = 'sliding', tells = false, spanMs = HOUR_MS }: { limit?: LimitKind; tells?: boolean; spanMs?: number } = {},
): Promise<Outcome> =>
  runOffice(ways[way], { browserCount, spanMs, seed: SEED, habits: { limit, tellsRetryAfter: tells } })
const lastOf = <T>(list: T[]): T => list.at(-1)!

describe('10 browsers behind one address (rule 3)', () => {
  it.each(LIMITS)('all have a key two minutes after the last was opened, and keep one: %s', async limit => {
    const { firstKeyMs, holders } = await office('this library', 10, { limit })
    expect(firstKeyMs).toHaveLength(10)
    expect(lastOf(firstKeyMs)).toBeLessThan(3 * MINUTE_MS)
    expect(Math.min(...holders.slice(18))).toBe(10)
  })

  it('the sixth that is refused has its key a minute later', async () => {
    const { firstKeyMs } = await office('this library', 6)
    expect(firstKeyMs[5]! - firstKeyMs[4]!).toBeLessThan(65_000)
  })

  it('the vendor’s uploader asks once, and is refused for good', async () => {
    const { firstKeyMs, askedCount, refusedCount, holders } = await office('the vendor’s uploader', 10)
    expect(firstKeyMs).toHaveLength(5)
    // Five browsers have renewed two or three times by then.
    expect(askedCount).toBeGreaterThanOrEqual(20)
    expect(refusedCount).toBe(5)
    expect(lastOf(holders)).toBe(5)
  })

  it('a pasted fetch keeps all others out where refused calls count too', async () => {
    const { firstKeyMs } = await office('a pasted fetch', 10, { limit: 'all calls' })
    expect(firstKeyMs).toHaveLength(5)
  })
})

describe('more browsers than an address can supply (rule 3)', () => {
  it('30 all have a key within three quarters of an hour where refused calls count too, with Retry-After and without', async () => {
    for (const tells of [false, true]) {
      const { firstKeyMs } = await office('this library', 30, { limit: 'all calls', tells })
      expect(firstKeyMs).toHaveLength(30)
      expect(lastOf(firstKeyMs)).toBeLessThan(45 * MINUTE_MS)
    }
  })

  it('of 100 each gets a key, most keep one, and fewer calls are made than by a pasted fetch', async () => {
    const ours = await office('this library', 100, { spanMs: 2 * HOUR_MS })
    const theirs = await office('a pasted fetch', 100, { spanMs: 2 * HOUR_MS })
    expect(ours.firstKeyMs.length).toBeGreaterThan(95)
    expect(lastOf(ours.holders)).toBeGreaterThan(75)
    expect(ours.refusedCount).toBeLessThan(theirs.refusedCount / 1.5)
  })

  it('with an endpoint of the site’s own 100 have a key as soon as they are open, for eight calls an hour', async () => {
    const { holders, callCount, refusedCount } = await office('this library, own endpoint', 100)
    expect(holders[6]).toBe(100)
    expect(Math.min(...holders.slice(6))).toBe(100)
    expect(callCount).toBeLessThanOrEqual(8)
    expect(refusedCount).toBe(0)
  })
})

it('the same seed gives the same day', async () => {
  expect(await office('this library', 20)).toEqual(await office('this library', 20))
})
