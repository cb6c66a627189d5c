import type { Page } from 'playwright-core'
import { inNewProfile, openPage } from '../browser.ts'
import type { Servers } from '../servers.ts'
import { median } from '../statistics.ts'
import type { Bench } from './bench.ts'

/** auth0-spa-js has no first key: it sends the visitor away to sign in. */
const CONTESTANTS = ['bare', 'library', 'filerobot-core', 'firebase', 'hand-written'] as const

/** How long an answer is on its way, besides what this machine takes. */
const LATENCIES_MS = [0, 50] as const

export type Contestant = (typeof CONTESTANTS)[number]

export interface FirstKey {
  /** The median in milliseconds, for each latency. */
  times: { latencyMs: number; ms: Record<Contestant, number> }[]
  /** Requests until a key may be used: for the key itself with its preflight, and all. */
  roundTrips: Record<Contestant, { ofKey: number; all: number }>
}

/** First visits: each to an origin of its own, with nothing stored and no preflight remembered. */
export const measureFirstKey = (bench: Bench): Promise<FirstKey> =>
  inNewProfile(bench.browser, async page => {
    const { emulator } = bench.servers
    const visits = bench.isQuick ? 2 : 16
    const result: FirstKey = { times: [], roundTrips: {} as FirstKey['roundTrips'] }
    for (const latencyMs of LATENCIES_MS) {
      bench.tell(`${visits} first visits each, ${latencyMs} ms of latency`)
      emulator.reset()
      emulator.setFaults({ rateLimitOff: true, latencyMs })
      const samples = Object.fromEntries(CONTESTANTS.map(id => [id, [] as number[]])) as Record<Contestant, number[]>
      for (let visit = 0; visit < visits; visit++) {
        for (const id of visit % 2 === 0 ? CONTESTANTS : [...CONTESTANTS].reverse()) {
          const { ms, ...requests } = await firstVisit(bench.servers, page, id)
          samples[id].push(ms)
          result.roundTrips[id] = requests
        }
      }
      const ms = Object.fromEntries(CONTESTANTS.map(id => [id, median(samples[id])])) as Record<Contestant, number>
      result.times.push({ latencyMs, ms })
    }
    return result
  })

let lastOrigin = 0

async function firstVisit({ api, emulator, pageOrigin }: Servers, page: Page, id: Contestant) {
  lastOrigin += 1
  await openPage(page, `${pageOrigin.replace('localhost', `visit-${lastOrigin}.bench.localhost`)}/load`, 'load')
  const { id: lastId = 0 } = emulator.log.at(-1) ?? {}
  const ms = await page.evaluate(({ api, id }) => window.load.first(api, id), { api, id })
  const entries = emulator.log.filter(entry => entry.id > lastId)
  const ofKey = entries.filter(({ path }) => path.endsWith(`/key/${api.templateId}`)).length
  return { ms, ofKey, all: entries.length }
}
