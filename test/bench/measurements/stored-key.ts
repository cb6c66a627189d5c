import type { Page } from 'playwright-core'
import { inNewProfile, openPage } from '../browser.ts'
import type { Place } from '../pages/load.ts'
import { median } from '../statistics.ts'
import type { Bench } from './bench.ts'

const PLACES = {
  library: { database: 'filerobot-widget-auth', store: 'records', property: 'key' },
  firebase: { database: 'firebase-app-check-database', store: 'firebase-app-check-store', property: 'value' },
} satisfies Record<string, Place>

/** Medians in milliseconds, from the scripts' having run to the key. */
export interface StoredTimes {
  /** Where it was the first thing that the page did with the database, and where the other one had been before it. */
  peer: { first: number; second: number }
  /** A bare opening of the same database and a read of the same record. */
  bare: { first: number; second: number }
}

export type StoredKey = Record<keyof typeof PLACES, StoredTimes>

/** Page loads with a stored key: each reads it by the peer and by hand, in alternating order. */
export async function measureStoredKey(bench: Bench): Promise<StoredKey> {
  const loads = bench.isQuick ? 4 : 40
  const result = {} as StoredKey
  for (const id of ['library', 'firebase'] as const) {
    bench.tell(`${id}: ${loads} page loads`)
    result[id] = await inNewProfile(bench.browser, page => storedTimes(bench, page, id, loads))
  }
  return result
}

async function storedTimes({ servers }: Bench, page: Page, id: keyof typeof PLACES, loads: number) {
  const { api, emulator, pageOrigin } = servers
  emulator.reset()
  emulator.setFaults({ rateLimitOff: true })
  const place = PLACES[id]
  const open = () => openPage(page, `${pageOrigin}/load`, 'load')
  await open()
  await page.evaluate(({ api, id }) => window.load.first(api, id), { api, id })
  const recordId = await page.evaluate(place => window.load.recordId(place), place)
  const { keyRequests } = emulator.counters

  const samples = { peer: [[], []] as number[][], bare: [[], []] as number[][] }
  for (let load = 0; load < loads; load++) {
    const order: ('peer' | 'bare')[] = load % 2 === 0 ? ['peer', 'bare'] : ['bare', 'peer']
    await open()
    const times = await page.evaluate(
      ({ api, id, place, recordId, order }) => window.load.stored(api, id, place, recordId, order),
      { api, id, place, recordId, order },
    )
    for (const [index, name] of order.entries()) samples[name][index]!.push(times[index]!)
  }
  if (emulator.counters.keyRequests > keyRequests) throw new Error(`${id} asked for a key that was stored.`)
  const medians = ([first = [], second = []]: number[][]) => ({ first: median(first), second: median(second) })
  return { peer: medians(samples.peer), bare: medians(samples.bare) }
}
