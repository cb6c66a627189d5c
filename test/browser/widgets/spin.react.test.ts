import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deliveries, frameUrls, liveUrls, viewerIsReady, zoom } from './spin-frames.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ drawAtStart: true })
})
afterAll(() => stage?.close())

let opened: Awaited<ReturnType<Stage['open']>>
let page: Page
beforeEach(async () => {
  opened = await stage.open('spin')
  page = opened.page
  return async () => {
    expect(opened.seen.errors).toEqual([])
    await opened.close()
  }
})

describe('the React wrapper', () => {
  it('starts anew for a new array of the same frames: the stock behaviour', async () => {
    const list = frameUrls(stage).slice(0, 6)
    await page.evaluate(list => window.spin.react.list(list, true), list)
    await viewerIsReady(page)
    await page.evaluate(list => window.spin.react.list(list, true), list)
    await viewerIsReady(page, 2)
    expect(await page.evaluate(() => window.spin.seen.decoded.length)).toBe(12)
  })

  it('goes on when it is rendered again with the array of the connection', async () => {
    await page.evaluate(async () => {
      const { imageListX } = await window.spin.connect({ folder: '/spin-private' })
      window.spin.react.list(imageListX, false)
    })
    await viewerIsReady(page)
    await page.evaluate(async () => {
      const drawnOn = document.querySelector('canvas')
      for (let i = 0; i < 3; i++) {
        window.spin.react.list(window.spin.connection?.imageListX ?? [], false)
        await window.spin.settled()
      }
      if (document.querySelector('canvas') !== drawnOn) throw new Error('It was started anew')
    })
    expect(await page.evaluate(() => [window.spin.told.ready, window.spin.seen.decoded.length])).toEqual([1, 36])
  })
})

describe('a connected component', () => {
  it.each([
    ['', false],
    [' in StrictMode', true],
  ])('shows 36 private frames, zooms, and gives all memory back when it is unmounted%s', async (_, isStrict) => {
    await page.evaluate(isStrict => window.spin.react.spin('/spin-private', isStrict), isStrict)
    await viewerIsReady(page)
    expect(await liveUrls(page)).toBe(36)
    expect(stage.emulator.log.filter(({ kind }) => kind === 'key')).toHaveLength(1)
    await zoom(page)
    expect(await page.evaluate(() => window.spin.told)).toMatchObject({ ready: 1, errors: [] })
    expect(await page.evaluate(() => window.spin.seen.decoded.length)).toBe(72)
    await page.evaluate(() => window.spin.react.unmount())
    await expect.poll(() => liveUrls(page)).toBe(0)
    expect(new Set(deliveries(stage, 200)).size).toBe(36)
  })

  it('that is unmounted while frames load leaves nothing and reports nothing', async () => {
    stage.emulator.setFaults({ latencyMs: 20 })
    await page.evaluate(() => window.spin.react.spin('/spin-private', true))
    await page.waitForFunction(() => window.spin.seen.live.size >= 6)
    await page.evaluate(() => window.spin.react.unmount())
    await expect.poll(() => liveUrls(page)).toBe(0)
    await expect.poll(() => page.evaluate(() => window.spin.seen.inFlight)).toBe(0)
    expect(await liveUrls(page)).toBe(0)
    expect(await page.evaluate(() => window.spin.told)).toEqual({ ready: 0, loaded: [], errors: [] })
  })

  it('that is given another folder shows that, and keeps the memory of the one that is shown', async () => {
    await page.evaluate(() => window.spin.react.spin('/spin-private', true))
    await viewerIsReady(page)
    await page.evaluate(() => window.spin.react.spin('/spin-private/', true))
    await viewerIsReady(page, 2)
    await expect.poll(() => liveUrls(page)).toBe(36)
    await zoom(page)
    expect(await page.evaluate(() => window.spin.told.errors)).toEqual([])
    await page.evaluate(() => window.spin.react.unmount())
    await expect.poll(() => liveUrls(page)).toBe(0)
  })
})
