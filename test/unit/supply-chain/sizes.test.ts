// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { sizeDifferences, toleranceBytes } from '../../../scripts/size/difference.mjs'

describe('a size that is not as recorded', () => {
  const recorded = { core: 6900, widgets: 6200 }

  it.each([
    ['larger', { ...recorded, core: 6900 + toleranceBytes + 1 }, [`core: 6900 → ${6900 + toleranceBytes + 1}`]],
    ['smaller', { ...recorded, widgets: 6000 }, ['widgets: 6200 → 6000']],
    ['new', { ...recorded, react: 13_000 }, ['react: absent → 13000']],
    ['gone', { core: 6900 }, ['widgets: 6200 → absent']],
  ])('is told: %s', (_, measured, expected) => {
    expect(sizeDifferences(recorded, measured)).toEqual(expected)
  })

  it("is not told within what another machine's zlib may make of it", () => {
    expect(sizeDifferences(recorded, { core: 6900 + toleranceBytes, widgets: 6200 - toleranceBytes })).toEqual([])
  })
})
