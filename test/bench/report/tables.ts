import { judge } from '../goals.ts'
import type { Contestant } from '../measurements/first-key.ts'
import type { Traffic, Visit } from '../measurements/key-requests.ts'
import type { Times } from '../measurements/speed.ts'
import { PEER_NAMES, type PeerId } from '../peers/index.ts'
import type { Measured } from '../results.ts'
import { duration, kilobytes, milliseconds, ratio } from './numbers.ts'

/** A table as it is printed, and as it stands in the document. */
export interface Table {
  title: string
  head: string[]
  rows: string[][]
}

const BARE: Record<string, string> = {
  'Date.now': 'bare `Date.now()`',
  await: 'bare `await` of an async function',
  'new Request': 'bare `new Request` with the header',
  fetch: 'bare `fetch` with the header',
  bare: 'bare `fetch` of `/key`',
}

const nameOf = (id: string): string => BARE[id] ?? PEER_NAMES[id as PeerId]

/** The first row is what the others are compared with. */
function timesTable(title: string, times: Times): Table {
  const [base = NaN] = Object.values(times)
  const rows = Object.entries(times).map(([id, ns]) => [nameOf(id), duration(ns), ratio(ns, base)])
  return { title, head: ['', 'median of a call', 'to the bare one'], rows }
}

/** Requests, of which so many were refused. */
const requests = ({ keyRequests, refused }: Traffic) =>
  count(keyRequests) + (refused > 0 ? `, ${count(refused)} refused` : '')
const count = (number: number) => number.toLocaleString('en-US')
const good = ({ uses, goodUses }: Traffic) => (uses > 0 ? `${((100 * goodUses) / uses).toFixed(1)} %` : '–')

const visitRow = (visit: Visit, traffic: Traffic) => [
  PEER_NAMES[visit.peer],
  `${visit.tabs}`,
  `${visit.widgets}`,
  requests(traffic),
  count(traffic.preflights),
  good(traffic),
]

/** All that was measured, in the order of the document. */
export function tablesOf(measured: Measured): Table[] {
  const { sizes, speed, storedKey, firstKey, keyRequests, memory } = measured
  const tables: Table[] = []
  const goals = judge(measured)
  if (goals.length > 0) {
    tables.push({
      title: 'Goals',
      head: ['', 'goal', 'measured', 'best peer', 'reached'],
      rows: goals.map(({ what, goal, measured, bestPeer, isReached }) => [
        what,
        goal,
        measured,
        bestPeer,
        isReached ? 'yes' : '**no**',
      ]),
    })
  }
  if (sizes) {
    const row = (name: string, bytes: number) => [name, kilobytes(bytes), ratio(bytes, sizes.core)]
    tables.push({
      title: 'Sizes',
      head: ['', 'minified, gzip', 'to the core'],
      rows: [
        row('filerobot-widget-auth, the core', sizes.core),
        row('filerobot-widget-auth, the script-tag file with three widget connections', sizes.scriptTag),
        row('@filerobot/core, its token path alone', sizes['filerobot-token-path']),
        row('@filerobot/core, all of it', sizes['filerobot-core']),
        row('Firebase App Check', sizes.firebase),
        row('auth0-spa-js', sizes.auth0),
        row('hand-written', sizes['hand-written']),
      ],
    })
  }
  if (speed) {
    tables.push(
      timesTable('A good key at once: `peek()`', speed.peek),
      timesTable('A good key from memory: `getKey()`', speed.getKey),
      timesTable('A signed request: `sign()`', speed.sign),
      timesTable('A signed request and its answer: `fetch()`', speed.fetch),
    )
  }
  if (storedKey) {
    tables.push({
      title: 'A stored key after a page load',
      head: ['', 'first thing on the page', 'bare open and get', '', 'second thing', 'bare open and get', ''],
      rows: (['library', 'firebase'] as const).map(id => {
        const { peer, bare } = storedKey[id]
        const pair = (order: 'first' | 'second') => [
          milliseconds(peer[order]),
          milliseconds(bare[order]),
          ratio(peer[order], bare[order]),
        ]
        return [nameOf(id)].concat(pair('first'), pair('second'))
      }),
    })
  }
  if (firstKey) {
    tables.push({
      title: 'A first key',
      head: [
        '',
        ...firstKey.times.flatMap(({ latencyMs }) => [`${latencyMs} ms of latency`, 'to the bare one']),
        'round trips for the key',
        'until it may be used',
      ],
      rows: Object.entries(firstKey.roundTrips).map(([id, { ofKey, all }]) => {
        const times = firstKey.times.flatMap(({ ms }) => {
          const own = ms[id as Contestant]
          return [milliseconds(own), ratio(own, ms.bare)]
        })
        return [nameOf(id)].concat(times, `${ofKey}`, `${all}`)
      }),
    })
  }
  if (keyRequests) {
    tables.push({
      title: 'Key requests: all at once',
      head: ['', '20 tabs opened at once', '10 reloads in a minute', '3 widgets on a page', 'uses with a good key'],
      rows: keyRequests.bursts.map(({ peer, tabs20, reloads10, widgets3 }) => [
        PEER_NAMES[peer],
        requests(tabs20),
        requests(reloads10),
        requests(widgets3),
        [tabs20, reloads10, widgets3].map(good).join(' / '),
      ]),
    })
    const head = ['', 'tabs', 'widgets', 'key requests', 'preflights', 'uses with a good key']
    const rows = (of: 'hour' | 'day') =>
      keyRequests.visits.flatMap(visit => {
        const traffic = visit[of]
        return traffic ? [visitRow(visit, traffic)] : []
      })
    tables.push({ title: 'Key requests: an hour', head, rows: rows('hour') })
    if (rows('day').length > 0) tables.push({ title: 'Key requests: a day', head, rows: rows('day') })
  }
  if (memory?.[0]) {
    const { calls, cycles } = memory[0]
    tables.push({
      title: 'Memory that stays',
      head: ['', `after ${count(calls)} calls`, `after ${count(cycles)} made and ended`, 'each'],
      rows: memory.map(({ peer, callBytes, cycleBytes }) => [
        PEER_NAMES[peer],
        kilobytes(callBytes),
        cycleBytes === undefined ? '–' : kilobytes(cycleBytes),
        cycleBytes === undefined ? '–' : `${count(Math.round(cycleBytes / cycles))} bytes`,
      ]),
    })
  }
  return tables
}
