import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliveries, frameUrl, frameUrls, picturesInOneTurn, viewerIsReady, zoom } from './spin-frames.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ drawAtStart: true })
})
afterAll(() => stage?.close())

/** The viewer has tried its first images, and says nothing. */
const nothingHappened = { ready: 0, loaded: [], errors: [] }

describe.each([
  ['private', '/spin-private', 403],
  ['missing', '/nowhere', 404],
])('a first frame that is %s', (_, folder, status) => {
  it('leaves the stock viewer without a picture and without a callback', async () => {
    const { page, close } = await stage.open('spin')
    await page.evaluate(urls => window.spin.show({ imageListX: urls }), frameUrls(stage, folder))
    await page.waitForFunction(() => window.spin.hasTriedFirst())
    await page.evaluate(() => window.spin.settled())
    expect(await page.evaluate(() => window.spin.told)).toEqual(nothingHappened)
    expect(await page.locator('canvas').count()).toBe(0)
    // And not one of the other frames was asked for.
    expect(new Set(deliveries(stage, status)).size).toBe(1)
    await close()
  })
})

describe('a first frame', () => {
  it('that is private is shown when it is connected', async () => {
    const { page, seen, close } = await stage.open('spin')
    const lists = await page.evaluate(urlsX => window.spin.connect({ urlsX }), frameUrls(stage, '/spin-private'))
    expect(lists.imageListX.every(url => /^blob:.*#$/.test(url))).toBe(true)
    await page.evaluate(() => window.spin.connection && window.spin.show(window.spin.connection))
    await viewerIsReady(page)
    expect(await page.evaluate(() => window.spin.told)).toEqual({ ready: 1, loaded: [[36, 0]], errors: [] })
    // One refusal, by which it is known that the key is wanted.
    expect(deliveries(stage, 403)).toEqual([`${new URL(frameUrl(stage, 1, '/spin-private')).pathname} none`])
    expect(seen.errors).toEqual([])
    await close()
  })

  it.each([
    ['auto', 404],
    ['signed', 404],
    ['public', undefined],
  ] as const)('that is missing is an error within 10 s when it is connected: delivery %s', async (delivery, status) => {
    const { page, seen, close } = await stage.open('spin')
    const ending = await page.evaluate(
      ({ urlsX, delivery }) => window.spin.outcome(window.spin.connect({ urlsX, delivery })),
      { urlsX: frameUrls(stage, '/nowhere'), delivery },
    )
    expect(ending).toMatchObject({ code: 'server', ...(status && { status }) })
    expect(ending).toHaveProperty('message', expect.stringContaining('/nowhere/gem-01.png'))
    expect(ending.tookMs).toBeLessThan(10_000)
    expect(await page.evaluate(() => window.spin.seen.made)).toBe(0)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('an object URL without "#"', () => {
  const paths = [1, 2, 3].map(number => `/spin-private/gem-0${number}.png`)

  it('leaves the stock viewer without a picture and without a callback, because of "?width="', async () => {
    const { page, close } = await stage.open('spin')
    await page.evaluate(async paths => {
      window.spin.show({ imageListX: await window.spin.objectUrls(paths) })
    }, paths)
    await page.waitForFunction(() => window.spin.hasTriedFirst())
    await page.evaluate(() => window.spin.settled())
    expect(await page.evaluate(() => window.spin.told)).toEqual(nothingHappened)
    await close()
  })

  it('is never given to it by the connection', async () => {
    const { page, close } = await stage.open('spin')
    const urlsX = paths.map(path => frameUrl(stage, Number(/\d+/.exec(path)?.[0]), '/spin-private'))
    const { imageListX } = await page.evaluate(async urlsX => {
      const connection = await window.spin.connect({ urlsX })
      window.spin.show(connection)
      return connection
    }, urlsX)
    expect(imageListX.filter(url => !url.endsWith('#'))).toEqual([])
    await viewerIsReady(page)
    await close()
  })
})

describe('object URLs that are revoked before the first zoom', () => {
  it('break the zoom of the stock viewer: all 36 frames are errors', async () => {
    const { page, close } = await stage.open('spin')
    const paths = frameUrls(stage, '/spin-private').map(url => url.replace(/.*(?=\/spin-private)/, ''))
    await page.evaluate(async paths => {
      window.spin.show({ imageListX: (await window.spin.objectUrls(paths)).map(url => `${url}#`) })
    }, paths)
    await viewerIsReady(page)
    await page.evaluate(() => {
      for (const url of [...window.spin.seen.live]) URL.revokeObjectURL(url)
    })
    // What the engine still remembers of images is no use to rely on.
    await page.requestGC()
    await zoom(page)
    expect(await page.evaluate(() => window.spin.told.errors.length)).toBe(36)
    await close()
  })

  it('are not: the connection that was released early waits, and the zoom shows every frame', async () => {
    const { page, seen, close } = await stage.open('spin')
    await page.evaluate(async () => {
      const container = window.spin.element('viewer')
      const connection = await window.spin.connect({ folder: '/spin-private', container })
      window.spin.show(connection)
    })
    await viewerIsReady(page)
    await page.evaluate(() => window.spin.connection?.release())
    await page.requestGC()
    const before = await page.evaluate(() => window.spin.picture())
    await zoom(page)
    expect(await page.evaluate(() => window.spin.picture())).not.toBe(before)

    const { decoded, errors } = await page.evaluate(() => ({
      decoded: window.spin.seen.decoded,
      errors: window.spin.told.errors,
    }))
    expect(errors).toEqual([])
    // Each of the 36, once when it was loaded and once more for the zoom.
    expect(decoded.length).toBe(72)
    expect(new Set(decoded.slice(36)).size).toBe(36)
    expect(decoded.every(url => url.startsWith('blob:'))).toBe(true)
    expect(await picturesInOneTurn(page)).toBe(36)
    expect(seen.errors).toEqual([])
    await close()
  })
})

const withSeventhMissing = (urls: string[]) => urls.map((url, i) => (i === 6 ? frameUrl(stage, 7, '/nowhere') : url))

describe('a later frame that is missing', () => {
  it('is told to onError by the stock viewer, which goes on', async () => {
    const { page, close } = await stage.open('spin')
    const urls = withSeventhMissing(frameUrls(stage))
    await page.evaluate(urls => window.spin.show({ imageListX: urls }), urls)
    await viewerIsReady(page)
    expect(await page.evaluate(() => window.spin.told.errors)).toEqual([frameUrl(stage, 7, '/nowhere')])
    await close()
  })

  it('is told to onError in the same way when it is connected, and the others are shown', async () => {
    const { page, seen, close } = await stage.open('spin')
    const urlsX = withSeventhMissing(frameUrls(stage, '/spin-private'))
    const progress = await page.evaluate(async urlsX => {
      window.spin.show(await window.spin.connect({ urlsX }))
      return window.spin.progress
    }, urlsX)
    await viewerIsReady(page)
    expect(await page.evaluate(() => window.spin.told.errors)).toEqual([frameUrl(stage, 7, '/nowhere')])
    expect(await page.evaluate(() => window.spin.seen.decoded.length)).toBe(35)
    expect(progress.at(-1)).toEqual({ loaded: 36, total: 36 })
    expect(seen.errors).toEqual([])
    await close()
  })
})
