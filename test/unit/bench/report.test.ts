import { describe, expect, it } from 'vitest'
import { judge } from '../../bench/goals.ts'
import type { Traffic } from '../../bench/measurements/key-requests.ts'
import { PEER_IDS, type PeerId } from '../../bench/peers/index.ts'
import { markdownOf, markdownTable } from '../../bench/report/markdown.ts'
import { duration, kilobytes, ratio } from '../../bench/report/numbers.ts'
import { pictureOf } from '../../bench/report/picture.ts'
import { tablesOf } from '../../bench/report/tables.ts'
import { terminalTable } from '../../bench/report/terminal.ts'
import type { Measured } from '../../bench/results.ts'
import { median } from '../../bench/statistics.ts'

const traffic = (keyRequests: number, refused = 0): Traffic => ({
  keyRequests,
  refused,
  preflights: 0,
  uses: 4,
  goodUses: 3,
})

const burstOf = (peer: PeerId) => ({ peer, tabs20: traffic(1), reloads10: traffic(0), widgets3: traffic(1) })

const measured = {
  sizes: {
    core: 7000,
    scriptTag: 12_000,
    'filerobot-token-path': 20_000,
    'filerobot-core': 80_000,
    firebase: 11_000,
    auth0: 60_000,
    'hand-written': 250,
  },
  speed: {
    peek: { 'Date.now': 40, library: 60, 'filerobot-core': 5 },
    getKey: { await: 20, library: 150, firebase: 150, auth0: 5000, 'hand-written': 60 },
    sign: { 'new Request': 5000, library: 7500 },
    fetch: { fetch: 2e6, library: 2.1e6 },
  },
  storedKey: {
    library: { peer: { first: 2.6, second: 1 }, bare: { first: 2, second: 0.5 } },
    firebase: { peer: { first: 5, second: 2 }, bare: { first: 2, second: 0.5 } },
  },
  keyRequests: {
    bursts: PEER_IDS.map(burstOf),
    visits: [{ peer: 'library', tabs: 1, widgets: 1, hour: traffic(4), day: traffic(1234, 2) }],
  },
} satisfies Measured

const missed = (change: Partial<Measured>) =>
  judge({ ...measured, ...change })
    .filter(({ isReached }) => !isReached)
    .map(({ what }) => what)

describe('A goal of the benchmark', () => {
  it('is reached by the very number', () => {
    expect(missed({})).toEqual([])
  })

  it('is missed by a little more', () => {
    expect(missed({ sizes: { ...measured.sizes, core: 7001 } })).toEqual(['core entry, everything bundled'])
    expect(missed({ sizes: { ...measured.sizes, scriptTag: 12_001 } })).toEqual([
      'script-tag file with all three widget connections',
    ])
    expect(missed({ speed: { ...measured.speed, peek: { 'Date.now': 40, library: 60.1 } } })).toEqual(['`peek()`'])
    const storedKey = {
      ...measured.storedKey,
      library: { peer: { first: 2.7, second: 1 }, bare: { first: 2, second: 1 } },
    }
    expect(missed({ storedKey })).toEqual(['stored key after a page load'])
    const bursts = measured.keyRequests.bursts.map(one => ({ ...one, tabs20: traffic(2) }))
    expect(missed({ keyRequests: { ...measured.keyRequests, bursts } })).toHaveLength(1)
  })

  it('that was not measured is not judged', () => {
    expect(judge({})).toEqual([])
    expect(judge({ sizes: measured.sizes })).toHaveLength(2)
  })
})

describe('The report', () => {
  it('has as many cells in each row of a table as in its head', () => {
    for (const { title, head, rows } of tablesOf(measured)) {
      expect(
        rows.map(row => row.length),
        title,
      ).toEqual(rows.map(() => head.length))
    }
  })

  it('compares with the bare call, and tells what was refused', () => {
    const tables = tablesOf(measured)
    expect(tables.find(({ title }) => title.includes('sign()'))?.rows).toContainEqual([
      'filerobot-widget-auth',
      '7.50 µs',
      '1.50 ×',
    ])
    expect(tables.find(({ title }) => title.endsWith('a day'))?.rows).toEqual([
      ['filerobot-widget-auth', '1', '1', '1,234, 2 refused', '0', '75.0 %'],
    ])
  })

  it('is a page of Markdown with where and when', () => {
    const versions = [{ name: 'Chromium', version: '150.0' }]
    const page = markdownOf(measured, { machine: '2 × processor', versions, date: '2026-11-27' })
    expect(page).toContain('Measured on 2026-11-27 on 2 × processor: Chromium 150.0.')
    expect(page).toContain('| core entry, everything bundled | ≤ 7.0 kB | 7.0 kB | Firebase App Check 11.0 kB | yes |')
    expect(page).not.toMatch(/NaN|undefined/)
  })

  it('keeps a bar in a cell apart from the bars between cells', () => {
    expect(markdownTable({ title: '', head: ['a', 'b'], rows: [['1|2', '3']] })).toBe(
      '| a | b |\n| --- | ---: |\n| 1\\|2 | 3 |',
    )
  })

  it('is straight columns in a terminal', () => {
    expect(terminalTable({ title: '`x`', head: ['', 'b'], rows: [['long name', '1']] })).toBe(
      'x\n\n             b\n  long name  1\n',
    )
  })

  it('draws the longest bar as wide as there is room, and is well-formed', () => {
    const picture = pictureOf(measured)
    const svg = new DOMParser().parseFromString(picture, 'image/svg+xml')
    expect(svg.querySelector('parsererror')).toBeNull()
    const widths = [...svg.querySelectorAll('rect.ours, rect.theirs')].map(rect => Number(rect.getAttribute('width')))
    expect(Math.max(...widths)).toBe(400)
    expect(Math.min(...widths)).toBeGreaterThan(0)
    expect(picture).not.toMatch(/NaN|undefined/)
  })
})

describe('A number', () => {
  it('has a unit in which it can be read', () => {
    expect([5.5, 1500, 2_500_000].map(duration)).toEqual(['5.50 ns', '1.50 µs', '2.50 ms'])
    expect([kilobytes(12_345), ratio(3, 2), ratio(300, 2)]).toEqual(['12.3 kB', '1.50 ×', '150 ×'])
  })

  it('of several is the one in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, NaN])
  })
})
