import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { type RequestKind, SEED, startEmulator } from '../../demo/emulator/index.ts'
import { localSettings } from '../../scripts/local-settings.mjs'
import { launchBrowser, newPage } from '../browser/harness.ts'
import { start } from './programs.ts'

/** What is in the folder that the examples list. */
export const PHOTOS = ['desert-noon', 'evening-lake', 'fjord', 'morning-mist', 'night-ridge', 'winter-dusk'].map(
  name => `${name}.png`,
)

/** For example `'200 with the key'`. */
export type Answer = `${number} ${'with the' | 'without a'} key`

/** A local API, what it tells an example, and what it answered. */
export async function openApi() {
  const { origin, emulator, close } = await startEmulator()
  return {
    origin,
    emulator,
    close,
    settings: localSettings(origin, SEED),
    /** Preflights are not among them. */
    answers: (kind: RequestKind): Answer[] =>
      emulator.log
        .filter(entry => entry.kind === kind)
        .map(({ status, keyIn }) => `${status} ${keyIn === 'header' ? 'with the' : 'without a'} key` as const),
  }
}

/** A local API and a browser. */
export async function openStage() {
  const [api, browser] = await Promise.all([openApi(), launchBrowser()])
  return {
    ...api,
    /**
     * Serves an app until the test is over, and opens it in a profile of its own, with an API that remembers nothing.
     *
     * @param command starts a server that says `Local: ADDRESS`, as Vite and Next do
     * @param look resolves with what the page shows
     */
    async serve<Shown>(command: string[], folder: string, query: string, look: (page: Page) => Promise<Shown>) {
      const server = start(command, folder, api.settings)
      onTestFinished(() => server.kill())
      const [, address] = await server.says(/Local:\s+(\S+)/)
      api.emulator.reset()
      const { page, seen, close } = await newPage(browser)
      page.on('console', message => {
        if (message.type() === 'error') seen.errors.push(message.text())
      })
      await page.goto(`${address}${query}`)
      const shown = await look(page)
      await close()
      return { shown, keyRequests: api.answers('key'), frames: api.answers('delivery'), errors: seen.errors }
    },
    close: async () => {
      await browser.close()
      await api.close()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>
