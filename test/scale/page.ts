import { CANDIDATE_NAMES } from './blocks.ts'
import { RELOAD_MINUTES, type Results, type Row, SEED, SPAN_HOURS } from './runs.ts'
import { WAYS } from './ways.ts'

const whole = (number: number) => Math.round(number).toLocaleString('en')
const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`
const time = (minutes: number | undefined) => {
  if (minutes === undefined) return 'never'
  if (minutes < 1) return `${Math.round(minutes * 60)} s`
  return minutes < 120
    ? `${minutes < 10 ? minutes.toFixed(1) : Math.round(minutes)} min`
    : `${(minutes / 60).toFixed(1)} h`
}

type Column = [head: string, cell: (row: Row) => string]
const SIZE: Column = ['browsers', row => whole(row.browserCount)]
const WAY: Column = ['', row => row.name]
const LIMIT: Column = ['the service counts', row => row.limit]
const TELLS: Column = ['`Retry-After`', row => (row.tells ? 'readable' : 'not readable')]
const FIRST_KEYS: Column[] = [
  ['half have had a key after', row => time(row.minutes[0])],
  ['95 %', row => time(row.minutes[1])],
  ['all', row => time(row.minutes[2])],
]
const HOLDERS: Column = [
  'good keys later',
  row => `${whole(row.holderCount)}: ${percent(row.holderCount / row.browserCount)}`,
]
const WORST: Column = ['worst tenth', row => percent(row.worstShare)]
const CALLS: Column[] = [
  ['calls to the service', row => whole(row.callCount)],
  ['refused', row => whole(row.refusedCount)],
]

const table = (rows: Row[], columns: Column[]): string =>
  [columns.map(([head]) => head), columns.map(() => '---'), ...rows.map(row => columns.map(([, cell]) => cell(row)))]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

/** What is said of the numbers is said of these: a page that no longer fits them is not written. */
function check(results: Results): void {
  const { base, supply, candidates } = results
  const find = (rows: Row[], name: string, browserCount: number, limit = 'sliding') =>
    rows.find(row => row.name === name && row.browserCount === browserCount && row.limit === limit)!
  const [library, vendor, pasted, endpoint] = WAYS
  const flat = find(candidates, CANDIDATE_NAMES[0]!, 30, 'all calls')
  const unchanced = find(candidates, CANDIDATE_NAMES[3]!, 60, 'all calls')
  const chosen = (size: number, limit: string) => find(candidates, CANDIDATE_NAMES.at(-1)!, size, limit)
  const sayings: [saying: string, isTrue: boolean][] = [
    ['10 have a key within three minutes', find(base, library, 10).minutes[2]! < 3],
    ['the vendor’s uploader gets a few keys', base.every(row => row.name !== vendor || row.firstKeyCount < 10)],
    ['five up to 1,000', base.every(row => row.name !== vendor || row.browserCount > 1000 || row.firstKeyCount === 5)],
    ['60 are supplied', find(supply, library, 60).worstShare === 1],
    ['80 nearly are', find(supply, library, 80).holderCount > 76],
    ['100 are not', find(supply, library, 100).holderCount < 95],
    ['never more than 100', [...base, ...supply].every(row => row.name === endpoint || row.holderCount <= 100)],
    ['where refused calls count too, 40 are supplied', find(supply, library, 40, 'all calls').holderCount > 38],
    ['and 80 are not', find(supply, library, 80, 'all calls').holderCount < 60],
    ['an endpoint supplies all', base.every(row => row.name !== endpoint || row.worstShare === 1)],
    ['flat blocks starve 30', flat.firstKeyCount === 5],
    ['with the library’s 30 have a key', chosen(30, 'all calls').firstKeyCount === 30],
    ['doubling without chance has most of 60', unchanced.holderCount > 50],
    ['and takes an hour for half', unchanced.minutes[0]! > 55],
    ['half of 60 have a key after six minutes', chosen(60, 'sliding').minutes[0]! < 7],
    ['the library has not all of 60', chosen(60, 'all calls').holderCount < 50],
    ['ten are as fast as with flat ones', chosen(10, 'sliding').minutes[2]! < 3],
    ['pasted code makes more calls', find(base, pasted, 1000).callCount > 10 * find(base, library, 1000).callCount],
  ]
  for (const [saying, isTrue] of sayings) if (!isTrue) throw new Error(`The results do not say that: ${saying}`)
}

/** The text of `docs/scale.md`. */
export function page(results: Results): string {
  const { date, base, habits, supply, reloads, candidates } = results
  check(results)
  const of = (browserCount: number, index: number) =>
    base.find(row => row.name === WAYS[index] && row.browserCount === browserCount)!
  const forPage = (size: number) => `### ${whole(size)} browsers

${table(
  base.filter(row => row.browserCount === size),
  [WAY, ...FIRST_KEYS, HOLDERS, WORST, ...CALLS],
)}
`
  return `# Many browsers behind one address

The service gives five keys a minute for a template and an address. How long does an office wait, and from what size does it need something else?

- **Up to 10 browsers** notice next to nothing: all ten have a key ${time(of(10, 0).minutes[2])} after the first was opened.
- **Up to about 60** the library keeps all of them supplied, and nearly all of 80, if the service counts as is likely. Who comes late to a full office waits for some minutes, once.
- **From about 40 on** a site should have a [key endpoint of its own](server.md): it is not known how the service counts, and where refused calls count too more than that cannot be supplied in time. **From about 90 on it must**: five calls a minute and keys of 20 minutes are 100 keys at most, and the library renews a minute or two early. Of 1,000 browsers ${whole(of(1000, 0).holderCount)} have a good key at any time, of 10,000 ${whole(of(10_000, 0).holderCount)}. No client can change that; all others have none.
- **With an endpoint** 10,000 browsers have a key as soon as they ask, for ${whole(of(10_000, 3).callCount)} calls to the service in ${SPAN_HOURS} hours.
- **After a refusal** the library leaves the service alone for 60 s, or as long as \`Retry-After\` says; refused again, a random part of 2 min, 4 min, 6 min … longer, within 15 min. [Why](#what-a-refusal-should-be-followed-by).

![Share of browsers with a good key over time, for offices of 10, 100, 1,000 and 10,000 browsers](scale.svg)

## What is simulated

\`npm run scale\` lets so many browsers, each with a profile and storage of its own, open a page within a minute and keep it open and visible for ${SPAN_HOURS} hours. Time is virtual and moves in steps of 20 ms, each way to the service takes 20 to 120 ms, and the service gives keys of 20 minutes. Seed ${SEED}, ${date}: the same seed gives the same numbers on any machine.

| | |
| --- | --- |
| this library | its own code, a copy for each browser, subscribed as by the script tag |
| the vendor’s uploader | \`generateUserKey\` of \`@filerobot/core\` 3.114.5, as published: asks once, and again after 19.5 minutes; a refusal ends it |
| a pasted fetch | \`fetch\`, then \`setTimeout\`: the next key after 19 minutes, or after 30 s where it was refused |
| this library, own endpoint | [\`createKeyHandler\`](server.md), which asks the service from one address |

How the service counts is not known, so it is tried in three ways: \`sliding\`, five admitted calls in any 60 s; \`fixed\`, five in each minute of its clock; \`all calls\`, as sliding, but refused calls count too. Nor is it known whether a page can read \`Retry-After\`.

“Good keys later” is how many have a good key on average in the second half of the time, “worst tenth” for what part of that time the worst served tenth of them had one at most.

## Sizes

\`sliding\`, \`Retry-After\` not readable.

${[...new Set(base.map(row => row.browserCount))].map(forPage).join('\n')}
## What one address can supply

This library.

${table(supply, [LIMIT, SIZE, ...FIRST_KEYS, HOLDERS, WORST, ...CALLS])}

Those who have a key compete for the next one with those who have none. So above the limit a visitor’s key comes and goes.

## Other habits of the service

${table(habits, [LIMIT, TELLS, WAY, SIZE, ...FIRST_KEYS, HOLDERS, WORST, ...CALLS])}

Pasted code that keeps on asking gets nothing at all where refused calls count, from ten browsers on. The vendor’s uploader is the same in all of them: five browsers have a key, and the others never ask again.

## Pages that are loaded again

\`sliding\`, each page loaded again every ${RELOAD_MINUTES} minutes or so. What is stored outlives that; a key that is only in memory does not.

${table(reloads, [WAY, SIZE, ...FIRST_KEYS, HOLDERS, WORST, ...CALLS])}

## What a refusal should be followed by

What is added to the block, without a readable \`Retry-After\`, for 4 hours; the middle one of five offices that differ by chance.

${table(candidates, [['added after refusals in a row', row => row.name], LIMIT, SIZE, ...FIRST_KEYS, HOLDERS, ['refused', row => whole(row.refusedCount)]])}

- **Without growth** 30 browsers that knock once a minute are ten times too many where refused calls count: nobody but the first five ever has a key.
- **Without chance** those who were refused together come back together.
- **Growth by two minutes a time** has the last of 30 browsers supplied sooner than doubling, under either way of counting, and is as fast as no growth at all for ten: after the first refusal nothing is added.
- **Not more than 15 minutes**, as somebody may be waiting. That is why not all of 60 browsers can be supplied where refused calls count. Only doubling without chance has nearly all of them, and lets half of them wait an hour for a first key, or half an hour where refused calls do not count; with the library that half has one after six minutes.
- **Renewal** begins one to two minutes before a key’s end, by chance. Wider would cost more calls: each minute earlier is a twentieth of what an address can supply. And the limit itself spreads the keys, five to the minute.

Refusals in a row are counted in the page’s memory, until it gets a key. The block is stored: other tabs and the page after a reload wait for its end, but count from one again.
`
}
