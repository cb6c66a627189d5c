import { describe, expect, it } from 'vitest'
import type { Tab } from './drivers/browser.ts'
import { until } from './drivers/wait.ts'
import { inEachEngine, keyIn, type Stage } from './harness.ts'

/** One key request, on a shared machine. */
const REQUEST_MS = 1500
/** What a lock is waited for beyond the request's time (rule 2). */
const GRACE_MS = 2000

/** How many tabs hold the library's lock, and how many wait for it. */
const locks = (tab: Tab) =>
  tab.run(async () => {
    const { held, pending } = await navigator.locks.query()
    return { held: held!.length, waiting: pending!.length }
  })

/** Opens tabs of which the first holds the lock in the middle of a request, and the others will wait for it. */
async function openAround(stage: Stage, timeoutMs: number, begin: (holder: Tab) => Promise<void>): Promise<Tab[]> {
  const tabs: Tab[] = []
  for (let n = 0; n < 4; n++) tabs.push(await stage.open({ timeoutMs }))
  await begin(tabs[0]!)
  await until('the lock is held', async () => (await locks(tabs[1]!)).held === 1)
  return tabs
}

/** A request that gets no answer. */
const askInVain = (stage: Stage) => async (holder: Tab) => {
  stage.api.setFaults({ keyAnswer: 'hang' })
  await holder.start(() => window.auth.getKey().catch(() => {}))
  await until('the request', () => stage.keyRequests() === 1)
  stage.api.setFaults({ keyAnswer: 'normal' })
}

/** Asks for a key in all of them; returns how long it took until all had it. */
async function keysIn(tabs: Tab[], afterAsking = async () => {}): Promise<{ keys: Set<string>; tookMs: number }> {
  const asked = tabs.map(keyIn)
  await until('all wait for the lock', async () => (await locks(tabs[0]!)).waiting === tabs.length)
  await afterAsking()
  const startedAtMs = performance.now()
  const keys = new Set(await Promise.all(asked))
  return { keys, tookMs: performance.now() - startedAtMs }
}

inEachEngine(stage => {
  describe('a tab that holds the lock', () => {
    it('and is closed in the middle of its request hands the lock on (rule 2)', async () => {
      const timeoutMs = 8000
      const [holder, ...others] = await openAround(stage, timeoutMs, askInVain(stage))
      const { keys, tookMs } = await keysIn(others, () => holder!.close())
      expect(keys.size).toBe(1)
      expect(stage.keyRequests()).toBe(2)
      // Long before the time of a lock that does not come.
      expect(tookMs).toBeLessThan(timeoutMs / 2)
    })

    it('and is frozen in the middle of its request is done without (rule 2)', async context => {
      const { freeze } = stage.browser.powers
      if (!freeze)
        return context.skip(`${stage.engine.name} has no command that freezes a tab; the next test blocks one`)
      const timeoutMs = 1500
      const [holder, ...others] = await openAround(stage, timeoutMs, askInVain(stage))
      await freeze(holder!)
      const { keys, tookMs } = await keysIn(others)
      expect(keys.size).toBe(1)
      expect(stage.keyRequests()).toBe(2)
      expect(tookMs).toBeLessThan(timeoutMs + GRACE_MS + REQUEST_MS)
      expect((await locks(others[0]!)).held).toBe(1)
    })

    it('and runs no script any more is done without (rule 2)', async () => {
      const timeoutMs = 1000
      const [, ...others] = await openAround(stage, timeoutMs, holder =>
        holder.start(() => {
          window.fetch = async () => {
            // Synchronous: nothing else runs in this tab until there is an answer.
            const request = new XMLHttpRequest()
            request.open('GET', '/held', false)
            request.send()
            throw new TypeError('no answer')
          }
          return window.auth.getKey().catch(() => {})
        }),
      )
      const { keys, tookMs } = await keysIn(others)
      expect((await locks(others[0]!)).held).toBe(1)
      expect(keys.size).toBe(1)
      expect(stage.keyRequests()).toBe(1)
      expect(tookMs).toBeLessThan(timeoutMs + GRACE_MS + REQUEST_MS)
    })
  })
})
