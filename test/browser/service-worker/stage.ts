import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type LogEntry, SEED, startEmulator } from '../../../demo/emulator/index.ts'
import type { RegistrationOptions } from '../../../src/service-worker/index.ts'
import { launchBrowser, ready, watch } from '../harness.ts'
import { serveMedia } from './media.ts'
import { hostedAt, serveWorkerSite } from './site.ts'

/** A browser, a site with the worker's file, the emulator, and another host. */
export async function openStage() {
  const [api, site, media, browser] = await Promise.all([
    startEmulator({ drawAtStart: false }),
    serveWorkerSite(),
    serveMedia(),
    launchBrowser(),
  ])
  const options: RegistrationOptions = { apiBase: api.origin, token: SEED.token, templateId: SEED.templateId }
  const { emulator } = api

  const openTab = async (context: BrowserContext, path = '/test/service-worker.html'): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(site.origin + path)
    await ready(page, 'signing')
    return page
  }
  const log = () => emulator.log.filter(({ kind }) => kind !== 'preflight')
  return {
    api,
    emulator,
    site,
    media,
    options,
    openTab,
    /** A page in a profile of its own, with servers that remember nothing. */
    open: async (path?: string) => {
      emulator.reset()
      media.requests.length = 0
      site.release = ''
      const context = await browser.newContext()
      const seen = watch(context)
      return { context, seen, page: await openTab(context, path), close: () => context.close() }
    },
    /** Where a photo is delivered; nobody has it in a cache. */
    photo: (name: string) => `${api.origin}/cdn/${SEED.token}/photos/${name}.png`,
    keyRequests: () => emulator.counters.keyRequests,
    /** The requests without their preflights. */
    log,
    deliveries: () => log().filter(({ kind }) => kind === 'delivery'),
    close: async () => {
      await browser.close()
      await Promise.all([site.close(), api.close(), media.close()])
    },
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>

/** Two of the seed's photos are private. */
export const privatePhoto = 'night-ridge'
export const otherPrivatePhoto = 'winter-dusk'
export const publicPhoto = 'fjord'

export const inShort = ({ method, status, keyIn }: LogEntry) => `${method} ${status} ${keyIn}`

/** One call, as a site makes it. */
export function register(page: Page, options: RegistrationOptions, script = hostedAt): Promise<void> {
  return page.evaluate(
    async ([script, options]) => {
      await window.signing.registerServiceWorker(script, options)
    },
    [script, options] as const,
  )
}

export const show = (page: Page, src: string) => page.evaluate(src => window.signing.show(src), src)

/** Ends every worker of the browser, as browsers do with one that nobody has needed for half a minute. */
export async function killWorkers(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const running = new Set<string>()
  const stopped = new Set<string>()
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    for (const { versionId, runningStatus } of versions) {
      if (runningStatus !== 'stopped') running.add(versionId)
      else if (running.delete(versionId)) stopped.add(versionId)
    }
  })
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
  await expect.poll(() => stopped.size > 0 && running.size === 0, { timeout: 5000 }).toBe(true)
  await session.detach()
}
