import { type Results, SIZES, SPAN_HOURS } from './runs.ts'
import { WAYS } from './ways.ts'

const WIDTH = 800
const PANEL = { width: 300, height: 150, left: 60, top: 110, stepX: 380, stepY: 230 }
const FIRST_SECONDS = 10
const LAST_SECONDS = SPAN_HOURS * 3600
/** What is less than this is drawn at the bottom. */
const LEAST_SHARE = 0.0003
const TIMES: [seconds: number, label: string][] = [
  [10, '10 s'],
  [60, '1 min'],
  [600, '10 min'],
  [3600, '1 h'],
  [28_800, '8 h'],
]
const SHARES: [share: number, label: string][] = [
  [1, '100 %'],
  [0.1, '10 %'],
  [0.01, '1 %'],
  [0.001, '0.1 %'],
]

const place = (value: number, first: number, last: number) => Math.log(value / first) / Math.log(last / first)
const x = (seconds: number) => PANEL.width * place(seconds, FIRST_SECONDS, LAST_SECONDS)
const y = (share: number) => PANEL.height * (1 - place(Math.max(share, LEAST_SHARE), LEAST_SHARE, 1))
const rounded = (number: number) => Number(number.toFixed(1))

/** Share of browsers with a good key over time, a panel for each size of office, a line for each way. */
export function plot({ base }: Results): string {
  const panels = SIZES.map((size, number) => {
    const left = PANEL.left + (number % 2) * PANEL.stepX
    const top = PANEL.top + Math.floor(number / 2) * PANEL.stepY
    const lines = WAYS.map((way, index) => {
      const row = base.find(({ name, browserCount }) => name === way && browserCount === size)!
      return `<path class="way-${index}" d="${line(row.holders.map(count => count / size))}"/>`
    })
    return [
      `<g transform="translate(${left} ${top})">`,
      `<text class="word" y="-12">${size.toLocaleString('en')} browsers</text>`,
      ...TIMES.map(
        ([seconds, label]) =>
          `<path class="axis" d="M${rounded(x(seconds))} 0v${PANEL.height}"/><text class="soft" text-anchor="middle" x="${rounded(x(seconds))}" y="${PANEL.height + 18}">${label}</text>`,
      ),
      ...SHARES.map(
        ([share, label]) =>
          `<path class="axis" d="M0 ${rounded(y(share))}h${PANEL.width}"/><text class="soft" text-anchor="end" x="-8" y="${rounded(y(share) + 4)}">${label}</text>`,
      ),
      // What comes first in the list is drawn last, over the others.
      ...lines.reverse(),
      '</g>',
    ].join('\n')
  })
  const legend = WAYS.map((way, index) => {
    const left = 60 + (index % 2) * 380
    const top = 44 + Math.floor(index / 2) * 22
    return `<path class="way-${index}" d="M${left} ${top}h36"/><text x="${left + 46}" y="${top + 5}">${way}</text>`
  })
  const height = PANEL.top + PANEL.stepY + PANEL.height + 40
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title about" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="13">
<title id="title">Share of browsers behind one address that have a good key, over time</title>
<desc id="about">Four panels, for 10, 100, 1,000 and 10,000 browsers that open a page within a minute. Both axes are logarithmic. The tables below have the numbers.</desc>
<style>
svg { --paper: #fcfbf8; --ink: #1f2730; --soft: #66717e; --line: #e2ded4; --a: #23805a; --b: #b13a4c; --c: #a85d12; --d: #2d66b1 }
@media (prefers-color-scheme: dark) {
svg { --paper: #13171c; --ink: #e9edf2; --soft: #99a5b3; --line: #2b323b; --a: #55c394; --b: #f08090; --c: #eca455; --d: #76aef5 }
}
text { fill: var(--ink) }
.soft { fill: var(--soft); font-size: 12px }
.word { font-weight: 600 }
.paper { fill: var(--paper) }
.axis { stroke: var(--line); fill: none }
[class^=way] { fill: none; stroke-width: 2; stroke-linejoin: round }
.way-0 { stroke: var(--a); stroke-width: 3 }
.way-1 { stroke: var(--b); stroke-dasharray: 7 4 }
.way-2 { stroke: var(--c); stroke-dasharray: 2 3 }
.way-3 { stroke: var(--d) }
</style>
<rect class="paper" width="${WIDTH}" height="${height}" rx="16"/>
<text class="word" x="60" y="24">Browsers that have a good key, of all that opened the page within a minute</text>
${legend.join('\n')}
${panels.join('\n')}
</svg>
`
}

/** A point for each hundredth of the way, which is as much as can be seen. */
function line(shares: number[]): string {
  const points = new Map<number, number>()
  shares.forEach((share, index) => points.set(Math.round(x((index + 1) * 10) / 3) * 3, rounded(y(share))))
  return [...points].map(([left, top], index) => `${index ? 'L' : 'M'}${left} ${top}`).join('')
}
