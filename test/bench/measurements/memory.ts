import type { CDPSession, Page } from 'playwright-core'
import { inNewProfile, openPage } from '../browser.ts'
import { PEER_IDS, type PeerId } from '../peers/index.ts'
import type { Bench } from './bench.ts'

/** What stays on the heap after garbage collection, in bytes, against before. */
export interface Memory {
  peer: PeerId
  calls: number
  callBytes: number
  cycles: number
  /** Absent where the peer has nothing that ends it. */
  cycleBytes?: number
}

/** The heap after garbage collection: twice, for what a finalizer has let go. */
async function heapBytes(session: CDPSession): Promise<number> {
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

/** What `task` leaves behind, when what is made once has been made. */
async function growth(page: Page, task: (count: number) => Promise<void>, count: number): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await task(Math.ceil(count / 20))
  const before = await heapBytes(session)
  await task(count)
  const after = await heapBytes(session)
  await session.detach()
  return after - before
}

/** Each peer in a page of its own. */
export async function measureMemory(bench: Bench): Promise<Memory[]> {
  const { api, emulator, pageOrigin } = bench.servers
  const [calls, cycles] = bench.isQuick ? [1000, 20] : [100_000, 1000]
  const results: Memory[] = []
  const measured = <T>(peer: PeerId, task: (page: Page) => Promise<T>) =>
    inNewProfile(bench.browser, async page => {
      emulator.reset()
      emulator.setFaults({ rateLimitOff: true, corsMaxAgeSeconds: 600 })
      await openPage(page, `${pageOrigin}/memory`, 'memory')
      await page.evaluate(({ peer, api }) => window.memory.start(peer, api), { peer, api })
      return task(page)
    })
  for (const peer of PEER_IDS) {
    bench.tell(peer)
    const callBytes = await measured(peer, page =>
      growth(page, count => page.evaluate(({ count, api }) => window.memory.call(count, api), { count, api }), calls),
    )
    const result: Memory = { peer, calls, callBytes, cycles }
    if (peer !== 'hand-written') {
      result.cycleBytes = await measured(peer, page =>
        growth(
          page,
          count => page.evaluate(({ count, api }) => window.memory.cycle(count, api), { count, api }),
          cycles,
        ),
      )
    }
    results.push(result)
  }
  return results
}
