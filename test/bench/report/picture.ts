import type { Visit } from '../measurements/key-requests.ts'
import { PEER_NAMES, type PeerId } from '../peers/index.ts'
import type { Measured } from '../results.ts'
import { duration, kilobytes, ratio } from './numbers.ts'

interface Bar {
  name: string
  value: number
  label: string
  /** One of this library's. */
  isOurs?: boolean
}

interface Panel {
  title: string
  bars: Bar[]
}

const WIDTH = 800
const LEFT = 250
const BAR_WIDTH = 400
const BAR_STEP = 30
const PANEL_GAP = 34
const TITLE_HEIGHT = 34

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const bar = (id: PeerId, value: number, label: string): Bar => ({
  name: PEER_NAMES[id],
  value,
  label,
  isOurs: id === 'library',
})

/** What differs most, and is not in another panel already. */
export function panelsOf({ sizes, speed, storedKey, keyRequests }: Measured): Panel[] {
  const panels: Panel[] = []
  if (sizes) {
    panels.push({
      title: 'What a page loads, minified and gzipped',
      bars: [
        bar('library', sizes.core, kilobytes(sizes.core)),
        {
          name: 'script tag, three widgets',
          value: sizes.scriptTag,
          label: kilobytes(sizes.scriptTag),
          isOurs: true,
        },
        bar('filerobot-core', sizes['filerobot-core'], kilobytes(sizes['filerobot-core'])),
        bar('firebase', sizes.firebase, kilobytes(sizes.firebase)),
        bar('auth0', sizes.auth0, kilobytes(sizes.auth0)),
        bar('hand-written', sizes['hand-written'], kilobytes(sizes['hand-written'])),
      ],
    })
  }
  if (speed) {
    const { library = NaN, firebase = NaN, auth0 = NaN, 'hand-written': pasted = NaN } = speed.getKey
    panels.push({
      title: 'A good key from memory',
      bars: [
        bar('library', library, duration(library)),
        bar('firebase', firebase, duration(firebase)),
        bar('auth0', auth0, duration(auth0)),
        bar('hand-written', pasted, duration(pasted)),
      ],
    })
  }
  if (storedKey) {
    panels.push({
      title: 'A stored key after a page load, to a bare open and get',
      bars: (['library', 'firebase'] as const).map(id => {
        const { peer, bare } = storedKey[id]
        return bar(id, peer.first / bare.first, ratio(peer.first, bare.first))
      }),
    })
  }
  const busiest = keyRequests && busiestOf(keyRequests.visits)
  if (busiest) panels.push(busiest)
  return panels
}

function busiestOf(visits: Visit[]): Panel | undefined {
  const tabs = Math.max(...visits.map(visit => visit.tabs))
  const widgets = Math.max(...visits.map(visit => visit.widgets))
  const bars = visits.flatMap(visit =>
    visit.day && visit.tabs === tabs && visit.widgets === widgets
      ? [bar(visit.peer, visit.day.keyRequests, visit.day.keyRequests.toLocaleString('en-US'))]
      : [],
  )
  return bars.length > 0 ? { title: `Key requests in a day, ${tabs} tabs with ${widgets} widgets`, bars } : undefined
}

function drawPanel({ title, bars }: Panel, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value))
  const drawn = bars.map(({ name, value, label, isOurs }, index) => {
    const y = top + TITLE_HEIGHT + index * BAR_STEP
    const width = Math.max(2, (value / most) * BAR_WIDTH)
    const kind = isOurs ? 'ours' : 'theirs'
    return [
      `  <text x="${LEFT - 14}" y="${y + 15}" text-anchor="end"${isOurs ? ' class="word"' : ''}>${escape(name)}</text>`,
      `  <rect class="${kind}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="20" rx="4"/>`,
      `  <text x="${(LEFT + width + 10).toFixed(1)}" y="${y + 15}" class="soft">${escape(label)}</text>`,
    ].join('\n')
  })
  return [`  <text x="32" y="${top + 14}" class="title">${escape(title)}</text>`, ...drawn].join('\n')
}

/** `docs/benchmarks.svg`: bars, each panel with its own measure, readable on light and dark pages. */
export function pictureOf(measured: Measured): string {
  const panels = panelsOf(measured)
  let height = 36
  const drawn = panels.map(panel => {
    const top = height
    height += TITLE_HEIGHT + panel.bars.length * BAR_STEP + PANEL_GAP
    return drawPanel(panel, top)
  })
  const about = panels
    .map(({ title, bars }) => `${title}: ${bars.map(({ name, label }) => `${name} ${label}`).join(', ')}.`)
    .join(' ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title about" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="15">
  <title id="title">Benchmarks</title>
  <desc id="about">${escape(about)}</desc>
  <style>
    svg { --paper: #fcfbf8; --ink: #1f2730; --soft: #66717e; --ours: #23805a; --theirs: #b9c1cb }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #13171c; --ink: #e9edf2; --soft: #99a5b3; --ours: #55c394; --theirs: #47525f }
    }
    text { fill: var(--ink) }
    .title { font-size: 17px; font-weight: 600 }
    .word { font-weight: 600 }
    .soft { fill: var(--soft) }
    .paper { fill: var(--paper) }
    .ours { fill: var(--ours) }
    .theirs { fill: var(--theirs) }
  </style>
  <rect class="paper" width="${WIDTH}" height="${height}" rx="16"/>
${drawn.join('\n')}
</svg>
`
}
