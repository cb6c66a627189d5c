import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeyClaims } from '../../src/index.ts'
import { expiresAtMs, refusedBlockMs, renewAtMs } from '../../src/lifetime.ts'

const START_MS = Date.UTC(2030, 0, 1)
const LONGEST_SECONDS = 5_184_000
const lists = { domains: [], uploadFolders: [], listFolders: [], allowedIps: [], allowedCountries: [], other: {} }
const timed = (startSeconds?: number, ageSeconds?: number): KeyClaims => ({
  ...lists,
  ...(startSeconds !== undefined && { startSeconds }),
  ...(ageSeconds !== undefined && { ageSeconds }),
})

const anySeconds = fc.oneof(
  fc.integer({ min: 1, max: LONGEST_SECONDS }),
  fc.double(),
  fc.constantFrom(undefined, null, 0, -1, '60', Number.NaN, Number.POSITIVE_INFINITY, LONGEST_SECONDS + 1),
)
const anyClaims = fc.option(
  fc.tuple(
    fc.option(
      fc.oneof(
        fc.nat(4_000_000_000),
        fc.integer({ min: -9, max: 9 }).map(difference => START_MS / 1000 + difference),
      ),
      {
        nil: undefined,
      },
    ),
    fc.option(fc.oneof(fc.nat(10_000_000), fc.constantFrom(0, Number.POSITIVE_INFINITY)), { nil: undefined }),
  ),
  { nil: undefined },
)
const isLifetime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value <= LONGEST_SECONDS

describe('expiresAtMs (rule 7)', () => {
  const everything = fc.property(
    anySeconds,
    fc.integer({ min: 1, max: LONGEST_SECONDS }),
    anyClaims,
    fc.boolean(),
    (told, defaultSeconds, claimed, trustsClaims) => {
      const claims = claimed && timed(...claimed)
      const result = expiresAtMs(START_MS, told, defaultSeconds, claims, trustsClaims)
      const known = [told, claims?.ageSeconds].filter(isLifetime)
      const lifetimeMs = Math.floor(1000 * (known.length ? Math.min(...known) : defaultSeconds))
      expect(Number.isSafeInteger(result)).toBe(true)
      expect(result).toBeLessThanOrEqual(START_MS + lifetimeMs)
      // Whatever the claims say, a wrong clock takes no more than this off: there is no loop.
      const least = trustsClaims ? Math.min(lifetimeMs, 30_000) : lifetimeMs - Math.min(5000, lifetimeMs / 10)
      expect(result).toBeGreaterThanOrEqual(START_MS + least)
    },
  )

  it('is never later than start and lifetime, and never much earlier', () => {
    fc.assert(everything, { numRuns: 2000 })
  })

  it('does not depend on how wrong this machine’s clock is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), offsetSeconds => {
        const result = expiresAtMs(START_MS, undefined, 1200, timed(START_MS / 1000 + offsetSeconds, 1200), false)
        expect(result - START_MS).toBeGreaterThanOrEqual(1_195_000)
        expect(result - START_MS).toBeLessThanOrEqual(1_200_000)
      }),
    )
  })

  it.each([
    [-5, -5000],
    [-6, 0],
    [0, 0],
    [5, 0],
  ])('with a start of the key %i s from ours is the end %i ms from the lifetime’s', (offsetSeconds, differenceMs) => {
    const claims = timed(START_MS / 1000 + offsetSeconds, 1200)
    expect(expiresAtMs(START_MS, undefined, 1200, claims, false) - START_MS - 1_200_000).toBe(differenceMs)
  })

  it.each([0, 5_184_001])('takes no part of a claim whose age cannot be a lifetime: %i s', age => {
    const claims = timed(START_MS / 1000, age)
    expect(expiresAtMs(START_MS, 1200, 1200, claims, false)).toBe(START_MS + 1_200_000)
    expect(expiresAtMs(START_MS, 1200, 1200, claims, true)).toBe(START_MS + 1_200_000)
  })

  it('agrees less easily about a short key: within a tenth of it', () => {
    const [near, far] = [timed(START_MS / 1000 - 2, 20), timed(START_MS / 1000 - 3, 20)]
    expect(expiresAtMs(START_MS, undefined, 1200, near, false)).toBe(START_MS + 18_000)
    expect(expiresAtMs(START_MS, undefined, 1200, far, false)).toBe(START_MS + 20_000)
  })

  it('trusts the claims, once it has to, from 30 s on', () => {
    const trusting = (startSeconds: number) => expiresAtMs(START_MS, 1200, 1200, timed(startSeconds, 1200), true)
    expect(trusting(START_MS / 1000 - 600)).toBe(START_MS + 600_000)
    expect(trusting(START_MS / 1000 - 1190)).toBe(START_MS + 30_000)
    expect(trusting(0)).toBe(START_MS + 30_000)
    expect(trusting(START_MS / 1000 + 600)).toBe(START_MS + 1_200_000)
    expect(expiresAtMs(START_MS, 1200, 1200, undefined, true)).toBe(START_MS + 1_200_000)
  })
})

describe('renewAtMs (rule 9)', () => {
  it('is one to two leeways before the end: 60 s, or a quarter of a short lifetime', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: LONGEST_SECONDS * 1000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (lifetimeMs, random) => {
          const beforeEndMs = START_MS + lifetimeMs - renewAtMs(START_MS, START_MS + lifetimeMs, random)
          const leewayMs = Math.min(60_000, lifetimeMs / 4)
          // Milliseconds since 1970 leave no room for more than these digits.
          expect(beforeEndMs).toBeGreaterThanOrEqual(leewayMs - 0.01)
          expect(beforeEndMs).toBeLessThanOrEqual(2 * leewayMs + 0.01)
        },
      ),
    )
  })
})

describe('refusedBlockMs (rule 12)', () => {
  it('doubles from 60 s to 15 minutes', () => {
    expect([2, 3, 4, 5, 6, 7, 100].map(refusedBlockMs)).toEqual(
      [1, 2, 4, 8, 15, 15, 15].map(minutes => minutes * 60_000),
    )
  })
})
