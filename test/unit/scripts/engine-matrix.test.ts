// @vitest-environment node
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  buildTitle,
  type EndedTest,
  engineTitle,
  makeMatrix,
  matrixInMarkdown,
  type OnlyInChromium,
  placeOf,
} from '../../../scripts/engine-matrix.mjs'
import { onlyInChromium } from '../../../scripts/only-in-chromium.mjs'

const inEngine = (
  engine: Parameters<typeof engineTitle>[0],
  build: Parameters<typeof buildTitle>[0],
  rest = 'a test',
) =>
  ({
    project: 'engines',
    file: 'test/engines/core.test.ts',
    fullName: [engineTitle(engine), buildTitle(build), rest].join(' > '),
    state: 'passed',
  }) satisfies EndedTest
const byPlaywright = (file: string) =>
  ({ project: 'browser', file, fullName: 'a test', state: 'passed' }) satisfies EndedTest

const only: OnlyInChromium[] = [
  { group: 'the demo', files: /demo/, reason: 'it is one page', build: 'app' },
  { group: 'the spin', files: /spin/, reason: 'requests are intercepted' },
]

describe('where a test in a browser ran', () => {
  it('is in its titles, for those that run in every engine', () => {
    expect(placeOf(inEngine('WebKitGTK', 'minified'), only, 'minified')).toEqual({
      group: 'test/engines/core.test.ts',
      engine: 'WebKitGTK',
      build: 'minified',
    })
  })

  it('is Chromium for those by Playwright, with the build of the run unless they have one of their own', () => {
    expect(placeOf(byPlaywright('test/browser/demo.test.ts'), only, 'minified')).toMatchObject({ build: 'app' })
    expect(placeOf(byPlaywright('test/browser/spin.test.ts'), only, 'modules')).toEqual({
      group: 'the spin',
      engine: 'Chromium',
      build: 'modules',
    })
  })

  it('is nowhere for other tests', () => {
    const file = 'test/unit/claims.test.ts'
    expect(placeOf({ project: 'unit', file, fullName: 'claims' }, only, 'minified')).toBeUndefined()
  })
})

describe('the table of what passed in which engine', () => {
  const reason = 'Firefox has no command for it'
  const matrix = makeMatrix(
    [
      inEngine('Chromium', 'modules'),
      inEngine('Chromium', 'minified'),
      { ...inEngine('Chromium', 'minified', 'another'), state: 'failed' },
      { ...inEngine('Firefox', 'minified'), state: 'skipped', note: reason },
      { ...inEngine('Firefox', 'minified', 'another'), state: 'skipped', note: reason },
      byPlaywright('test/browser/demo.test.ts'),
      byPlaywright('test/browser/demo.tabs.test.ts'),
    ],
    only,
    'minified',
  )

  it('has a column for each engine and build that ran, and a row for each file or group', () => {
    expect(matrix.columns).toEqual(['Chromium, app', 'Chromium, minified', 'Chromium, modules', 'Firefox, minified'])
    expect(matrix.rows).toEqual([
      {
        group: 'test/engines/core.test.ts',
        cells: {
          'Chromium, modules': { passed: 1, failed: 0, skipped: 0 },
          'Chromium, minified': { passed: 1, failed: 1, skipped: 0 },
          'Firefox, minified': { passed: 0, failed: 0, skipped: 2 },
        },
      },
      { group: 'the demo', cells: { 'Chromium, app': { passed: 2, failed: 0, skipped: 0 } } },
    ])
  })

  it('says why something was skipped, and why something ran in Chromium only', () => {
    expect(matrix.skipped).toEqual([
      { reason, where: [{ place: 'test/engines/core.test.ts, Firefox, minified', tests: 2 }] },
    ])
    expect(matrix.onlyInChromium).toEqual([{ group: 'the demo', reason: 'it is one page' }])
  })

  it('is written as Markdown', () => {
    expect(
      matrixInMarkdown(matrix),
    ).toBe(`| tests | Chromium, app | Chromium, minified | Chromium, modules | Firefox, minified |
| --- | --- | --- | --- | --- |
| test/engines/core.test.ts | – | 1 passed, 1 failed | 1 passed | 2 skipped |
| the demo | 2 passed | – | – | – |

Skipped:

- ${reason}: 2 of test/engines/core.test.ts, Firefox, minified

In Chromium only:

- the demo: it is one page
`)
  })
})

describe('the list of what runs in Chromium only', () => {
  const folder = fileURLToPath(new URL('../../browser/', import.meta.url))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => `test/browser/${name.replaceAll('\\', '/')}`)
    .filter(name => name.endsWith('.test.ts'))

  it('has a reason for each file by Playwright, but for the one about its Chromium', () => {
    const without = files.filter(file => onlyInChromium.filter(({ files }) => files.test(file)).length !== 1)
    expect(without).toEqual(['test/browser/chromium.test.ts'])
  })

  it('has none for files that are gone', () => {
    const stale = onlyInChromium.filter(({ files: pattern }) => !files.some(file => pattern.test(file)))
    expect(stale.map(({ group }) => group)).toEqual([])
  })

  it('names only files that exist', () => {
    const named = onlyInChromium.flatMap(({ reason }) => reason.match(/test\/[\w/.-]+\.ts/g) ?? [])
    const root = fileURLToPath(new URL('../../../', import.meta.url))
    expect(named.length).toBeGreaterThan(0)
    expect(
      named.filter(name => !readdirSync(root + name.replace(/[^/]+$/, '')).includes(name.replace(/.*\//, ''))),
    ).toEqual([])
  })
})
