// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { compareClocks } from '../../../src/cli/service-clock.ts'

const NOON_MS = Date.UTC(2025, 0, 15, 12)
const asked = { startedAtMs: NOON_MS, answeredAtMs: NOON_MS + 200 }
const DAY_MS = 86_400_000

describe('this machine’s clock, beside the service’s', () => {
  it.each([
    [0, true, "this machine's agrees with the service's"],
    [4000, true, "this machine's agrees with the service's"],
    [-90_000, false, "this machine's is 1 min 30 s ahead of the service's"],
    [DAY_MS + 400, false, "this machine's is 1 day behind the service's"],
  ])('is compared by the answer’s Date, here %i ms later', (offsetMs, agrees, words) => {
    const dateMs = NOON_MS + offsetMs
    expect(compareClocks({ ...asked, dateMs, keyBeganAtMs: dateMs })).toMatchObject({ agrees, words })
  })

  it('is not blamed for a slow answer', () => {
    expect(compareClocks({ startedAtMs: NOON_MS, answeredAtMs: NOON_MS + 20_000, dateMs: NOON_MS })).toMatchObject({
      agrees: true,
    })
  })

  it('is compared by when the key began, where there is no Date', () => {
    expect(compareClocks({ ...asked, keyBeganAtMs: NOON_MS })).toMatchObject({ agrees: true })
    expect(compareClocks({ ...asked, keyBeganAtMs: NOON_MS + DAY_MS })?.words).toMatch(
      /^this machine's is .* behind the service's$/,
    )
    // Which of the two it is cannot be known then.
    expect(compareClocks({ ...asked, keyBeganAtMs: NOON_MS - 300_000 })?.words).toBe(
      "this machine's is 5 min ahead of the service's, or the service gave a key that it had made before",
    )
  })

  it('agrees although a key began long before, and that is told', () => {
    expect(compareClocks({ ...asked, dateMs: NOON_MS, keyBeganAtMs: NOON_MS - 300_000 })).toMatchObject({
      agrees: true,
      words: "this machine's agrees with the service's; the service gave a key that it had made 5 min before",
    })
  })

  it('cannot be compared where the service tells no time', () => {
    expect(compareClocks(asked)).toBeUndefined()
  })
})
