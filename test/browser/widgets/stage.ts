import { expect } from 'vitest'
import { type RunningEmulator, SEED, startEmulator } from '../../../demo/emulator/index.ts'
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

/** A file as the service delivers it to somebody who may see everything. */
export async function delivered({ origin }: RunningEmulator, path: string) {
  const response = await fetch(addressOf(origin, path), { headers: { 'X-Filerobot-Key': SEED.secretKey } })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, type: response.headers.get('content-type'), bytes }
}

/** Where the emulator delivers a file. */
export const addressOf = (origin: string, path: string) => `${origin}/cdn/${SEED.token}${path}`

/** A photo of the seed that no one sees without a key. */
export const privatePhoto = '/photos/night-ridge.png'

export type Stage = Awaited<ReturnType<typeof openStage>>

/** The uploader's own call, and the only URL that may ever hold a key. */
export const keyInfo = `/${SEED.token}/v4/key/info?key=`

/**
 * What holds for every page: one key request in all, the key in the header of each API request, in no URL but those
 * that begin with `urlsWithKey`, nothing asked of another host, and no error that nobody caught.
 */
export function expectCleanTraffic({ emulator }: RunningEmulator, seen: Watch, urlsWithKey: string[] = []): void {
  expect(seen.errors).toEqual([])

  const hosts = new Set(seen.requests.map(request => new URL(request.url()).hostname))
  expect([...hosts].filter(host => host !== 'localhost' && host !== '127.0.0.1')).toEqual([])

  const withKey = seen.requests.map(request => request.url()).filter(url => url.includes('SASS_'))
  expect(withKey.map(url => url.slice(new URL(url).origin.length).replace(/SASS_.*/, ''))).toEqual(urlsWithKey)

  // A preflight has its request's URL, but no header.
  const answered = emulator.log.filter(({ method }) => method !== 'OPTIONS')
  expect(answered.filter(({ keyIn }) => keyIn === 'url' || keyIn === 'both')).toHaveLength(urlsWithKey.length)
  expect(answered.filter(({ kind }) => kind === 'key')).toHaveLength(1)
  const unsigned = answered.filter(({ path, kind, keyIn }) => {
    return path.startsWith(`/${SEED.token}/v`) && kind !== 'key_info' && keyIn !== 'header'
  })
  expect(unsigned.map(({ path }) => path)).toEqual([])
}
