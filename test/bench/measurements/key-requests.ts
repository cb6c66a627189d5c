import type { Page } from 'playwright-core'
import { inNewProfile, openPage } from '../browser.ts'
import type { TabTask } from '../pages/tab.ts'
import { PEER_IDS, type PeerId } from '../peers/index.ts'
import type { Servers } from '../servers.ts'
import type { Bench } from './bench.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const RELOADS = 10

/** What the API was asked, and how often a widget that wanted a key got a good one. */
export interface Traffic {
  keyRequests: number
  preflights: number
  refused: number
  uses: number
  goodUses: number
}

/** A visit of so many tabs with so many widgets each. */
export interface Visit {
  peer: PeerId
  tabs: number
  widgets: number
  hour: Traffic
  /** Absent in a quick run. */
  day?: Traffic
}

/** What happens all at once. */
export interface Burst {
  peer: PeerId
  /** All tabs opened in the same moment, with one widget each. */
  tabs20: Traffic
  /** One tab, loaded again every six seconds, without its first load. */
  reloads10: Traffic
  /** One tab with three widgets. */
  widgets3: Traffic
}

export interface KeyRequests {
  visits: Visit[]
  bursts: Burst[]
}

interface Simulation {
  open(tabs: number, widgets: number, signsIn?: boolean): Promise<void>
  reload(): Promise<void>
  pass(durationMs: number): Promise<void>
  close(): Promise<void>
  traffic(): Promise<Traffic>
}

/** A visit in a profile of its own, with an API that has seen nobody. */
function simulate<T>({ browser, servers }: Bench, peer: PeerId, visit: (simulation: Simulation) => Promise<T>) {
  const { emulator, issuer, pageOrigin, api } = servers
  return inNewProfile(browser, async page => {
    emulator.reset()
    issuer.preflights = 0
    servers.setNowMs(undefined)
    await openPage(page, `${pageOrigin}/control`, 'control')
    servers.setNowMs(await page.evaluate(() => window.control.time.nowMs()))
    const task = { api, peer }
    const result = await visit({
      open: (count, widgets, signsIn = false) =>
        page.evaluate(({ task, count }: { task: TabTask; count: number }) => window.control.open(task, count), {
          task: { ...task, widgets, signsIn },
          count,
        }),
      reload: () => page.evaluate(() => window.control.reload()),
      async pass(durationMs) {
        // An hour at a time: a page that does not answer for long looks as if it hung.
        for (let leftMs = durationMs; leftMs > 0; leftMs -= HOUR_MS) {
          await page.evaluate(stepMs => window.control.time.pass(stepMs), Math.min(leftMs, HOUR_MS))
        }
      },
      close: () => page.evaluate(() => window.control.close()),
      traffic: () => count(page, servers),
    })
    servers.setNowMs(undefined)
    return result
  })
}

async function count(page: Page, { emulator, issuer }: Servers): Promise<Traffic> {
  const { keyRequests, keyRequestsRefused, preflights } = emulator.counters
  const { all, good } = await page.evaluate(() => window.control.uses)
  return {
    keyRequests,
    preflights: preflights + issuer.preflights,
    refused: keyRequestsRefused,
    uses: all,
    goodUses: good,
  }
}

const difference = (after: Traffic, before: Traffic): Traffic => ({
  keyRequests: after.keyRequests - before.keyRequests,
  preflights: after.preflights - before.preflights,
  refused: after.refused - before.refused,
  uses: after.uses - before.uses,
  goodUses: after.goodUses - before.goodUses,
})

/** The tabs are opened a minute apart, so that the limit of five a minute does not stand in their way. */
const visitFor = (bench: Bench, peer: PeerId, tabs: number, widgets: number): Promise<Visit> =>
  simulate(bench, peer, async ({ open, pass, traffic }) => {
    for (let tab = 0; tab < tabs; tab++) {
      await open(1, widgets, tab === 0)
      await pass(MINUTE_MS)
    }
    await pass(HOUR_MS - tabs * MINUTE_MS)
    const hour = await traffic()
    if (bench.isQuick) return { peer, tabs, widgets, hour }
    await pass(23 * HOUR_MS)
    return { peer, tabs, widgets, hour, day: await traffic() }
  })

/** For a peer whose visitor has to sign in, that was an hour ago: its key is dead. */
async function signedInAnHourAgo(peer: PeerId, { open, close, pass }: Simulation): Promise<void> {
  if (peer !== 'auth0') return
  await open(1, 0, true)
  await close()
  await pass(HOUR_MS)
}

async function burstOf(bench: Bench, peer: PeerId): Promise<Burst> {
  const opened = (tabs: number, widgets: number) =>
    simulate(bench, peer, async simulation => {
      await signedInAnHourAgo(peer, simulation)
      const before = await simulation.traffic()
      await simulation.open(tabs, widgets)
      await simulation.pass(MINUTE_MS)
      return difference(await simulation.traffic(), before)
    })
  const reloads10 = await simulate(bench, peer, async simulation => {
    await signedInAnHourAgo(peer, simulation)
    await simulation.open(1, 1)
    await simulation.pass(6000)
    const before = await simulation.traffic()
    for (let reload = 0; reload < RELOADS; reload++) {
      await simulation.reload()
      await simulation.pass(6000)
    }
    return difference(await simulation.traffic(), before)
  })
  return { peer, tabs20: await opened(20, 1), reloads10, widgets3: await opened(1, 3) }
}

/** Counts in the emulator's own books what a simulated hour and day cost. */
export async function measureKeyRequests(bench: Bench): Promise<KeyRequests> {
  const bursts: Burst[] = []
  const visits: Visit[] = []
  for (const peer of PEER_IDS) {
    bench.tell(`${peer}: everything at once`)
    bursts.push(await burstOf(bench, peer))
    for (const tabs of bench.isQuick ? [1, 3] : [1, 3, 20]) {
      for (const widgets of [1, 3]) {
        bench.tell(
          `${peer}: ${tabs} ${tabs === 1 ? 'tab' : 'tabs'}, ${widgets} ${widgets === 1 ? 'widget' : 'widgets'}`,
        )
        visits.push(await visitFor(bench, peer, tabs, widgets))
      }
    }
  }
  return { visits, bursts }
}
