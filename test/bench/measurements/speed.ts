import { inNewProfile, openPage } from '../browser.ts'
import { median } from '../statistics.ts'
import type { Bench } from './bench.ts'

/** The median time of one call, in nanoseconds, by what was called. */
export type Times = Record<string, number>

export interface Speed {
  peek: Times
  getKey: Times
  sign: Times
  fetch: Times
}

/** With a good key in memory, everything in one page. */
export const measureSpeed = ({ browser, servers, isQuick }: Bench): Promise<Speed> =>
  inNewProfile(browser, async page => {
    const { api, emulator, pageOrigin } = servers
    emulator.reset()
    // Otherwise each call would have a preflight, and that would be what is measured.
    emulator.setFaults({ rateLimitOff: true, corsMaxAgeSeconds: 600 })
    await openPage(page, `${pageOrigin}/speed`, 'speed')
    const rounds = isQuick ? 4 : 24
    const { isIsolated, ...samples } = await page.evaluate(
      ({ api, rounds, batchMs }) => window.speed.run(api, rounds, batchMs),
      { api, rounds, batchMs: isQuick ? 5 : 20 },
    )
    if (!isIsolated) throw new Error('The page is not isolated, and its clock too coarse.')
    const medians = (of: Record<string, number[]>): Times =>
      Object.fromEntries(Object.entries(of).map(([name, values]) => [name, median(values)]))
    return {
      peek: medians(samples.peek),
      getKey: medians(samples.getKey),
      sign: medians(samples.sign),
      fetch: medians(samples.fetch),
    }
  })
