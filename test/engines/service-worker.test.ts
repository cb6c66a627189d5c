import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SEED } from '../../demo/emulator/index.ts'
import type { AuthOptions } from '../../src/index.ts'
import type * as serviceWorker from '../../src/service-worker/index.ts'
import type { Library } from '../library.ts'
import type { Tab } from './drivers/browser.ts'
import { until } from './drivers/wait.ts'
import { inEachEngine, keyIn, type Stage } from './harness.ts'
import { noteShows } from './page/events.ts'
import { installHands } from './page/hands.ts'
import { call } from './site.ts'

declare global {
  interface Window {
    serviceWorker: typeof serviceWorker
    /** The width of a picture, 0 where it is not shown. */
    widthOf(src: string): Promise<number>
  }
}

function setUp(options: AuthOptions): void {
  window.auth = window.lib.createAuth(options)
  window.widthOf = src =>
    new Promise(resolve => {
      const image = new Image()
      image.onload = () => resolve(image.naturalWidth)
      image.onerror = () => resolve(0)
      image.src = src
    })
}

/** A site with the worker's file, each of whose names under `localhost` is an origin of its own. */
async function serveFiles(page: string, { files, worker }: Library) {
  const server = createServer(({ url = '' }, response) => {
    const path = url.replace(/\?.*/, '')
    const code = path === '/worker.js' ? worker : files.get(path.replace('/library/', ''))
    response.setHeader('Cache-Control', 'no-cache')
    response.setHeader('Content-Type', code === undefined ? 'text/html' : 'text/javascript').end(code ?? page)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

function html(options: AuthOptions, { tags }: Library): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>A page with pictures</title>
<script>${[call(installHands), noteShows].join('\n')}</script>
${tags}
<script type="module">
import * as lib from '/library/index.js'
import * as serviceWorker from '/library/service-worker.js'
Object.assign(window, { lib, serviceWorker })
${call(setUp, options)}
</script>
</html>`
}

inEachEngine((stage: Stage) => {
  let server: Awaited<ReturnType<typeof serveFiles>> | undefined
  let api = ''
  let options: serviceWorker.ServiceWorkerOptions
  let origin = ''
  let originCount = 0
  const tabs: Tab[] = []

  beforeAll(async () => {
    if (stage.engine.missing) return
    api = new URL(stage.filesUrl()).origin
    options = { apiBase: api, token: SEED.token, templateId: SEED.templateId }
    server = await serveFiles(html(options, stage.library), stage.library)
  })
  afterAll(() => {
    server?.close()
    server?.closeAllConnections()
  })
  afterEach(async () => {
    for (const tab of tabs.splice(0)) {
      expect(await tab.run(() => window.hands.errors)).toEqual([])
      await tab.close()
    }
  })

  const open = async () => {
    const tab = await stage.browser.newTab()
    tabs.push(tab)
    await tab.goto(origin)
    return tab
  }
  const openFirst = () => {
    origin = `http://signed-${++originCount}.localhost:${(server!.address() as AddressInfo).port}/`
    return open()
  }
  const register = (tab: Tab) =>
    tab.run(async options => {
      await window.serviceWorker.registerServiceWorker('/worker.js', options)
    }, options)
  const photo = (query = '') => `${api}/cdn/${SEED.token}/photos/night-ridge.png${query}`
  const widthIn = (tab: Tab, address: string) => tab.run(address => window.widthOf(address), address)
  const statuses = () =>
    stage.api.log.filter(({ kind }) => kind === 'delivery').map(({ status, keyIn }) => `${status} ${keyIn}`)

  describe('a private picture', () => {
    it('is shown as soon as the worker is registered, with the key that the page has', async () => {
      const tab = await openFirst()
      expect(await widthIn(tab, photo())).toBe(0)
      await register(tab)
      expect(await widthIn(tab, photo('?signed'))).toBeGreaterThan(100)
      await keyIn(tab)
      expect(statuses()).toEqual(['403 none', '200 header'])
      expect(stage.keyRequests()).toBe(1)
    })

    it('comes again after its key has expired: twenty cost one renewal (rule 12)', async () => {
      const tab = await openFirst()
      await register(tab)
      await widthIn(tab, photo())
      stage.api.expireKeys()
      const widths = await tab.run(
        address => Promise.all(Array.from({ length: 20 }, (_, n) => window.widthOf(`${address}?${n}`))),
        photo(),
      )
      expect(Math.min(...widths)).toBeGreaterThan(100)
      expect(stage.keyRequests()).toBe(2)
    })

    it('is signed in two tabs and on another page, by one worker and with one key', async () => {
      const first = await openFirst()
      const second = await open()
      await Promise.all([register(first), register(second)])
      expect(await widthIn(first, photo('?first'))).toBeGreaterThan(100)
      expect(await widthIn(second, photo('?second'))).toBeGreaterThan(100)
      await second.goto(`${origin}another/page`)
      expect(await widthIn(second, photo('?another'))).toBeGreaterThan(100)
      expect(stage.keyRequests()).toBe(1)
    })

    it('is signed after a reload, also a hard one, as soon as the worker is registered anew', async () => {
      const tab = await openFirst()
      await register(tab)
      await widthIn(tab, photo())
      // The driver of Firefox reloads past the worker, as a visitor does with the shift key.
      await tab.reload()
      await register(tab)
      expect(await widthIn(tab, photo('?reloaded'))).toBeGreaterThan(100)
      expect(statuses()).toEqual(['200 header', '200 header'])
      expect(stage.keyRequests()).toBe(1)
    })

    it('is signed also in a page that comes back as it was left: the worker does not keep it out of the cache (rule 19)', async () => {
      const tab = await openFirst()
      await register(tab)
      await widthIn(tab, photo())
      await tab.goto(`${origin}another/page`)
      await widthIn(tab, photo('?another'))
      await tab.back()
      await tab.loaded()
      const shows = await until('the page', () => tab.run(() => window.shows))
      expect(shows).toEqual([false, true])
      expect(await widthIn(tab, photo('?back'))).toBeGreaterThan(100)
      expect(stage.keyRequests()).toBe(1)
    })

    it('is signed with another key after clear() in the page (rule 16)', async () => {
      const tab = await openFirst()
      await register(tab)
      await widthIn(tab, photo())
      await tab.run(() => window.auth.clear())
      const labels = () => stage.api.log.flatMap(({ kind, keyLabel }) => (kind === 'delivery' ? [keyLabel] : []))
      const [before] = labels()
      let n = 0
      await until('another key', async () => {
        expect(await widthIn(tab, photo(`?${n++}`))).toBeGreaterThan(100)
        return labels().at(-1) !== before
      })
      expect(stage.keyRequests()).toBe(2)
    })
  })
})
