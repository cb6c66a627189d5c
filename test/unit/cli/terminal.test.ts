// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { createTerminal, showsColour } from '../../../src/cli/terminal.ts'
import { clockTime, span } from '../../../src/cli/time-words.ts'

const screen = (isTTY?: boolean) => {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

describe('colour', () => {
  it.each([
    [true, {}, true],
    [undefined, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [undefined, { FORCE_COLOR: '1' }, false],
  ])('on a terminal (%s) with %o: %s', (isTTY, env, expected) => {
    expect(showsColour(screen(isTTY), env)).toBe(expected)
    const { paint } = createTerminal(screen(isTTY), screen(), env)
    expect(paint.good('✓')).toBe(expected ? '\u001B[32m✓\u001B[39m' : '✓')
  })
})

describe('a table', () => {
  const linesOf = (rows: [string, string][], columns?: number) => {
    const out = { ...screen(), columns }
    createTerminal(out, screen(), {}).printTable(rows)
    return out.written.join('').split('\n').slice(0, -1)
  }
  const words = (count: number) => Array(count).fill('word').join(' ')

  it('puts texts one under the other and breaks long ones between words', () => {
    expect(
      linesOf([
        ['A', 'one'],
        ['Longer', words(20)],
      ]),
    ).toEqual(['  A       one', `  Longer  ${words(18)}`, '          word word'])
  })

  it.each([
    [60, 10],
    [10, 6],
    [500, 18],
  ])('is as wide as a terminal of %i columns, within reason', (columns, count) => {
    expect(linesOf([['Longer', words(20)]], columns)[0]).toBe(`  Longer  ${words(count)}`)
  })

  it('leaves a word whole that is longer than a line', () => {
    expect(linesOf([['A', 'x'.repeat(150)]])).toEqual([`  A  ${'x'.repeat(150)}`])
  })
})

describe('what is written', () => {
  it('has no key in it, but where a key is what was asked for (rule 14)', () => {
    const [out, err] = [screen(), screen()]
    const terminal = createTerminal(out, err, {})
    terminal.print('a SASS_12345 b')
    terminal.tell('a SASS_12345 b')
    terminal.printAsIs('SASS_12345')
    expect([out.written, err.written]).toEqual([['a SASS_… b\n', 'SASS_12345\n'], ['a SASS_… b\n']])
  })
})

describe('time in words', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [1200, '20 min'],
    [5400, '1 h 30 min'],
    [86_400, '1 day'],
    [90_061, '1 day 1 h'],
    [86_401, '1 day'],
    [200_000, '2 days 7 h'],
  ])('of %i s is %s', (seconds, words) => expect(span(seconds)).toBe(words))

  it('names the day where it is another one', () => {
    const noon = new Date(2025, 0, 15, 12, 5, 9).getTime()
    expect(clockTime(noon, noon)).toBe('12:05:09')
    expect(clockTime(noon, noon + 86_400_000)).toBe('2025-01-15 12:05:09')
  })
})
