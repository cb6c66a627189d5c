// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { forDevelopment, isAllowed, passedOn, refused, unnamed } from '../../../scripts/licences/policy.mjs'

const named = (licence: string | undefined, isPassedOn: boolean, name = 'a') =>
  refused([{ name, version: '1.0.0', licence, isPassedOn }])

describe('a licence', () => {
  it.each([
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['MIT OR GPL-3.0-only', true],
    ['(GPL-3.0-only OR Apache-2.0)', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-2.0-only OR MIT AND Apache-2.0', true],
    ['MIT AND (GPL-3.0-only OR ISC)', false],
    ['SEE LICENSE IN LICENSE.txt', false],
    ['UNLICENSED', false],
    ['', false],
  ])('is allowed if one of its choices is made of allowed ones alone: "%s"', (expression, expected) => {
    expect(isAllowed(expression, passedOn)).toBe(expected)
  })

  it('asks for no more than a notice where the package is passed on', () => {
    expect(named('MPL-2.0', true)).toEqual(['a 1.0.0, passed on: MPL-2.0'])
    expect(named('MPL-2.0', false)).toEqual([])
    expect(forDevelopment).toEqual(expect.arrayContaining(passedOn))
  })

  it('has to be named, but for packages that are known not to', () => {
    expect(named(undefined, false)).toEqual(['a 1.0.0, for development: names no licence'])
    for (const name of unnamed) {
      expect(named(undefined, false, name)).toEqual([])
      expect(named(undefined, true, name)).toEqual([`${name} 1.0.0, passed on: names no licence`])
      expect(named('AGPL-3.0-only', false, name)).toHaveLength(1)
    }
  })
})
