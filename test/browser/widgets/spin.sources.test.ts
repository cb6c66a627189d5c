import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import { encodePng } from '../../../demo/emulator/seed/png.ts'
import { frameUrl, frameUrls, viewerIsReady } from './spin-frames.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ drawAtStart: true })
})
afterAll(() => stage?.close())

/** Stores pictures of one colour each, in the order of their names here. */
async function store(folder: string, names: string[]): Promise<void> {
  const form = new FormData()
  names.forEach((name, i) => {
    const rgb = new Uint8Array(4 * 3 * 3).fill((i * 7) % 256)
    form.append('files[]', new File([encodePng({ widthPx: 4, heightPx: 3, rgb })], name, { type: 'image/png' }))
  })
  const address = `${stage.api.origin}/${SEED.token}/v4/files?folder=${folder}`
  const response = await fetch(address, { method: 'POST', body: form, headers: { 'X-Filerobot-Key': SEED.secretKey } })
  expect(response.status).toBe(200)
}

const lastParts = (urls: string[] | undefined) => urls?.map(url => url.replace(/.*\/|\?.*/g, ''))

describe('frames of a folder', () => {
  it('make two axes by patterns of their names, in natural order, and the viewer turns on both', async () => {
    const { page, close } = await stage.open('spin')
    await store('/two', ['x-10.png', 'x-2.png', 'x-1.png', 'y-10.png', 'y-9.png', 'cover.png'])
    const lists = await page.evaluate(async () => {
      const connection = await window.spin.connect({ folder: '/two', namesX: /^x-/, namesY: /^y-/ })
      window.spin.show(connection)
      return connection
    })
    expect(lastParts(lists.imageListX)).toEqual(['x-1.png', 'x-2.png', 'x-10.png'])
    expect(lastParts(lists.imageListY)).toEqual(['y-9.png', 'y-10.png'])
    await viewerIsReady(page)
    expect(await page.evaluate(() => window.spin.told)).toEqual({ ready: 1, loaded: [[3, 2]], errors: [] })
    const picture = async (turn: 'moveRight' | 'moveTop') =>
      page.evaluate(async turn => {
        window.spin.viewer?.[turn](false, 1)
        await window.spin.settled()
        return window.spin.picture()
      }, turn)
    const pictures = [await picture('moveRight'), await picture('moveTop'), await picture('moveTop')]
    expect(new Set(pictures).size).toBe(3)
    await close()
  })

  it('of the horizontal axis are those that the vertical one leaves, where only that has a pattern', async () => {
    const { page, close } = await stage.open('spin')
    await store('/two', ['1.png', 'up-1.png', '2.png', 'up-2.png'])
    const lists = await page.evaluate(() => window.spin.connect({ folder: '/two', namesY: /^up/ }))
    expect(lastParts(lists.imageListX)).toEqual(['1.png', '2.png'])
    expect(lastParts(lists.imageListY)).toEqual(['up-1.png', 'up-2.png'])
    await close()
  })

  it('are all there when they are more than a page of the list', async () => {
    const { page, close } = await stage.open('spin')
    const names = Array.from({ length: 520 }, (_, i) => `frame-${i + 1}.png`)
    await store('/many', names)
    const lists = await page.evaluate(() => window.spin.connect({ folder: '/many' }))
    expect(lastParts(lists.imageListX)).toEqual(names)
    const listed = stage.emulator.log.filter(({ kind, method }) => kind === 'list' && method === 'GET')
    expect(listed.map(({ path }) => /offset=\d+/.exec(path)?.[0])).toEqual(['offset=0', 'offset=500'])
    await close()
  })
})

describe('frames by their URLs', () => {
  it('keep the order they are given in, on both axes', async () => {
    const { page, close } = await stage.open('spin')
    const urlsX = frameUrls(stage).slice(0, 4).reverse()
    const urlsY = [frameUrl(stage, 9)]
    const lists = await page.evaluate(options => window.spin.connect(options), { urlsX, urlsY })
    expect([lists.imageListX, lists.imageListY]).toEqual([urlsX, urlsY])
    await close()
  })

  it('may be relative to the page', async () => {
    const { page, close } = await stage.open('spin')
    const png = encodePng({ widthPx: 4, heightPx: 3, rgb: new Uint8Array(36) })
    await page.route('**/test/own/frame.png', route =>
      route.fulfill({ contentType: 'image/png', body: Buffer.from(png) }),
    )
    const { imageListX } = await page.evaluate(() => window.spin.connect({ urlsX: ['own/frame.png'] }))
    expect(imageListX).toEqual([new URL('/test/own/frame.png', page.url()).href])
    await close()
  })
})
