import { describe, expect, it } from 'vitest'
import { takeChoice } from '../../../scripts/engine-choice.mjs'

describe('npm run test:engines', () => {
  it('takes an engine and a build, in any case, and leaves the rest to Vitest', () => {
    expect(takeChoice(['--engine', 'firefox', 'core.test.ts', '--build=Modules', '-t', 'rule 12'])).toEqual({
      env: { TEST_ENGINE: 'Firefox', TEST_BUILD: 'modules' },
      rest: ['core.test.ts', '-t', 'rule 12'],
    })
  })

  it('without either chooses nothing', () => {
    expect(takeChoice([])).toEqual({ env: {}, rest: [] })
  })

  it.each([
    [['--engine', 'Safari'], '--engine is one of Chromium, Firefox, WebKitGTK, and not "Safari".'],
    [['--build'], '--build is one of modules, minified, and not "".'],
  ])('refuses %j', (args, message) => {
    expect(() => takeChoice(args)).toThrow(message)
  })
})
