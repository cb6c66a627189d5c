import { expect } from 'vitest'
import { type RunningEmulator, SEED, startEmulator } from '../../../demo/emulator/index.ts'
import { expectSignedTraffic } from '../../traffic.ts'
import { launchBrowser, newPage, ready, serveSite, type Watch } from '../harness.ts'

/**
 * A browser, the pages for tests on one port and the emulator on another: two origins, as in real life. It takes two
 * seconds of a core to draw all pictures of the emulator: `drawAtStart` is for tests that show the spin.
 */
export async function openStage({ drawAtStart }: { drawAtStart: boolean }) {
  const [api, site, browser] = await Promise.all([startEmulator({ drawAtStart }), serveSite(), launchBrowser()])
  return {
    api,
    emulator: api.emulator,
    /**
     * A page for tests, in a profile of its own, with an emulator that remembers nothing.
     *
     * @param name `/test/NAME.html`
     * @param hands the global by which tests use the page
     */
    open: async (name = 'widgets', hands = name) => {
      api.emulator.reset()
      const opened = await newPage(browser)
      const query = new URLSearchParams({ apiBase: api.origin, token: SEED.token, template: SEED.templateId })
      const response = await opened.page.goto(`${site.origin}/test/${name}.html?${query}`)
      expect(response?.status()).toBe(200)
      await ready(opened.page, hands)
      return opened
    },
    close: async () => {
      await browser.close()
      await Promise.all([site.close(), api.close()])
    },
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>

/** As {@link expectSignedTraffic}, and no error that nobody caught. */
export function expectCleanTraffic({ emulator }: RunningEmulator, seen: Watch, urlsWithKey?: string[]): void {
  expect(seen.errors).toEqual([])
  expectSignedTraffic(
    emulator,
    seen.requests.map(request => request.url()),
    urlsWithKey,
  )
}
