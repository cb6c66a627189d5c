import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Faults, SEED } from '../../../demo/emulator/index.ts'
import { deliveries, frameUrl, frameUrls, liveUrls, viewerIsReady } from './spin-frames.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ drawAtStart: true })
})
afterAll(() => stage?.close())

/** The same server by another name, and so another origin: not the API's. */
const elsewhere = (url: string) => url.replace('//127.0.0.1:', '//localhost:')

/** How connecting the private folder ends with faults switched on. */
async function ending(faults: Partial<Faults>, options: { firstFrameTimeoutMs?: number } = {}) {
  const { page, seen, close } = await stage.open('spin')
  stage.emulator.setFaults(faults)
  const result = await page.evaluate(async options => {
    const { spin } = window
    const { code, tookMs } = await spin.outcome(spin.connect({ folder: '/spin-private', ...options }))
    return { code, tookMs, live: spin.seen.live.size }
  }, options)
  expect(seen.errors).toEqual([])
  await close()
  return result
}

describe('36 private frames', () => {
  it('come in order, at most six at a time, with progress for each', async () => {
    const { page, seen, close } = await stage.open('spin')
    stage.emulator.setFaults({ latencyMs: 10 })
    const { progress, fetched, mostInFlight } = await page.evaluate(async () => {
      const { spin } = window
      await spin.connect({ folder: '/spin-private' })
      return { progress: spin.progress, ...spin.seen }
    })
    expect(fetched).toEqual(frameUrls(stage, '/spin-private').map(url => new URL(url).pathname))
    expect(mostInFlight).toBe(6)
    expect(progress).toEqual(Array.from({ length: 37 }, (_, loaded) => ({ loaded, total: 36 })))
    expect(deliveries(stage, 200)).toHaveLength(36)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a first frame that does not come', () => {
  it('is an error within 10 s, when the service does not answer', async () => {
    const { code, tookMs, live } = await ending({ deliveryAnswer: 'hang' })
    expect({ code, live }).toEqual({ code: 'timeout', live: 0 })
    expect(tookMs).toBeGreaterThan(8500)
    expect(tookMs).toBeLessThan(10_000)
  })

  it.each([
    ['a frame that stalls', { deliveryAnswer: 'stalled' }, 'timeout'],
    ['a list that hangs', { apiAnswer: 'hang' }, 'timeout'],
    ['a list that stalls', { apiAnswer: 'stalled' }, 'timeout'],
    ['a key that hangs', { keyAnswer: 'hang' }, 'timeout'],
    ['a key that is waited for, because of the limit', { keyAnswer: 'too_many' }, 'rate_limited'],
    ['a frame whose connection is dropped', { deliveryAnswer: 'drop' }, 'network'],
    ['a frame that is refused', { deliveryAnswer: 'forbidden' }, 'server'],
    ['a page of a gateway', { deliveryAnswer: 'html' }, 'server'],
    ['a service that fails', { deliveryAnswer: 'server_error' }, 'server'],
    ['a redirect', { deliveryAnswer: 'redirect' }, 'origin_not_allowed'],
  ] as [string, Partial<Faults>, string][])('is an error within the bound: %s', async (_, faults, expected) => {
    const { code, tookMs, live } = await ending(faults, { firstFrameTimeoutMs: 800 })
    expect({ code, live }).toEqual({ code: expected, live: 0 })
    expect(tookMs).toBeLessThan(1800)
  })

  it('is an error when it comes and is no image', async () => {
    const { page, seen, close } = await stage.open('spin')
    await page.route(/spin-private\/gem-01\.png/, route =>
      route.fulfill({
        contentType: 'text/html',
        body: '<h1>Sign in</h1>',
        headers: { 'access-control-allow-origin': '*' },
      }),
    )
    const result = await page.evaluate(() => window.spin.outcome(window.spin.connect({ folder: '/spin-private' })))
    expect(result).toMatchObject({ code: 'server', message: expect.stringContaining('is no image') })
    expect(await page.evaluate(() => ({ live: window.spin.seen.live.size, made: window.spin.seen.made }))).toEqual({
      live: 0,
      made: 1,
    })
    // Nobody asked for the 35 others.
    expect(deliveries(stage, 200)).toEqual([])
    expect(seen.errors).toEqual([])
    await close()
  })

  it('may still come by its plain URL when that is slow and the key may not go there', async () => {
    const { page, close } = await stage.open('spin')
    // Later than half of the bound, when the key is tried.
    stage.emulator.setFaults({ latencyMs: 1200 })
    const urlsX = frameUrls(stage).map(elsewhere)
    const lists = await page.evaluate(
      urlsX => window.spin.connect({ urlsX, firstFrameTimeoutMs: 2000 }).then(({ imageListX }) => imageListX),
      urlsX,
    )
    expect(lists).toEqual(urlsX)
    await close()
  })
})

describe('delivery', () => {
  it('by plain URLs needs no key, when the first of the given URLs loads without it', async () => {
    const { page, close } = await stage.open('spin')
    const urlsX = frameUrls(stage)
    const lists = await page.evaluate(async urlsX => {
      const connection = await window.spin.connect({ urlsX })
      window.spin.show(connection)
      return connection.imageListX
    }, urlsX)
    expect(lists).toEqual(urlsX)
    await viewerIsReady(page)
    expect(stage.emulator.log.filter(({ kind, keyIn }) => kind === 'key' || keyIn !== 'none')).toEqual([])
    await close()
  })

  it('of private frames is not tried without the key, unless a service worker is there that may sign them', async () => {
    const { page, close } = await stage.open('spin')
    await page.evaluate(() => window.spin.connect({ folder: '/spin-private' }))
    expect(deliveries(stage, 403)).toEqual([])
    // What a page sees of such a worker: its controller, and private images that load.
    await page.route(/\/cdn\/.*\/spin-private\//, route =>
      route.continue({ headers: { ...route.request().headers(), 'x-filerobot-key': SEED.secretKey } }),
    )
    const lists = await page.evaluate(async () => {
      Object.defineProperty(navigator, 'serviceWorker', { value: { controller: {} } })
      return (await window.spin.connect({ folder: '/spin-private' })).imageListX
    })
    expect(lists.map(url => url.replace(/\?vh=.*/, ''))).toEqual(frameUrls(stage, '/spin-private'))
    await close()
  })

  it('of private frames is signed in a page that another service worker controls', async () => {
    const { page, close } = await stage.open('spin')
    const lists = await page.evaluate(async () => {
      Object.defineProperty(navigator, 'serviceWorker', { value: { controller: {} } })
      return (await window.spin.connect({ folder: '/spin-private' })).imageListX
    })
    expect(lists.every(url => url.startsWith('blob:'))).toBe(true)
    expect(deliveries(stage, 403)).toHaveLength(1)
    await close()
  })

  it('from another host than the API names the origin to add to allowedOrigins', async () => {
    const { page, close } = await stage.open('spin')
    const result = await page.evaluate(
      urlsX => window.spin.outcome(window.spin.connect({ urlsX })),
      [elsewhere(frameUrl(stage, 1, '/spin-private'))],
    )
    expect(result).toMatchObject({
      code: 'origin_not_allowed',
      message: expect.stringContaining(new URL(elsewhere(stage.api.origin)).origin),
    })
    await close()
  })
})

describe('loading that is given up', () => {
  it('by its signal rejects with the reason, and leaves no object URL and no request', async () => {
    const { page, seen, close } = await stage.open('spin')
    stage.emulator.setFaults({ latencyMs: 20 })
    const message = await page.evaluate(async () => {
      const { spin } = window
      const closing = new AbortController()
      const onProgress = ({ loaded }: { loaded: number }) => {
        spin.progress.push({ loaded, total: 36 })
        if (loaded === 8) closing.abort(new Error('closed by the visitor'))
      }
      const result = await spin.outcome(spin.connect({ folder: '/spin-private', signal: closing.signal, onProgress }))
      return result
    })
    expect(message).toMatchObject({ message: 'closed by the visitor' })
    await expect.poll(() => liveUrls(page)).toBe(0)
    await expect.poll(() => page.evaluate(() => window.spin.seen.inFlight)).toBe(0)
    const { made, fetched, progress } = await page.evaluate(() => ({
      ...window.spin.seen,
      progress: window.spin.progress,
    }))
    expect(made).toBe(8)
    expect(fetched.length).toBeLessThanOrEqual(14)
    // Nothing is told after the rejection.
    expect(progress.at(-1)?.loaded).toBe(8)
    expect(seen.errors).toEqual([])
    await close()
  })
})
