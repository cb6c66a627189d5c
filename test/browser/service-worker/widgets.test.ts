import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import { inShort, openStage, otherPrivatePhoto, privatePhoto, register, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const widgetsPage = '/test/service-worker-widgets.html'
const publicPhotos = ['desert-noon', 'evening-lake', 'fjord', 'morning-mist']

const mountExplorer = (page: Page) =>
  page.evaluate(([options, apiBase]) => window.signedWidgets.uploader({ ...options, apiBase }, '/photos'), [
    stage.options,
    stage.api.origin,
  ] as const)
/** What the Explorer shows in its list: names of photos, and `icon` for a file of which it has no picture. */
const thumbnails = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>('#uploader img')]
      .filter(({ complete, naturalWidth }) => complete && naturalWidth > 0)
      .map(({ src }) => /\/photos\/([\w-]+)\.png/.exec(src)?.[1] ?? 'icon')
      .sort(),
  )

describe("the Explorer's private thumbnails", () => {
  it('are file icons without the worker', async () => {
    const { page, close } = await stage.open(widgetsPage)
    await mountExplorer(page)
    await expect.poll(() => thumbnails(page), { timeout: 15_000 }).toEqual([...publicPhotos, 'icon', 'icon'].sort())
    await close()
  })

  it('are pictures with it, for the one key that the widget has', async () => {
    const { page, seen, close } = await stage.open(widgetsPage)
    await register(page, stage.options)
    await mountExplorer(page)
    await expect
      .poll(() => thumbnails(page), { timeout: 15_000 })
      .toEqual([...publicPhotos, otherPrivatePhoto, privatePhoto].sort())
    expect(stage.keyRequests()).toBe(1)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('the spin with plain URLs of private frames', () => {
  const frames = () =>
    Array.from({ length: 36 }, (_, n) => {
      return `${stage.api.origin}/cdn/${SEED.token}/spin-private/gem-${`${n + 1}`.padStart(2, '0')}.png`
    })

  it('never begins without the worker', async () => {
    const { page, close } = await stage.open(widgetsPage)
    await page.evaluate(frames => {
      void window.signedWidgets.spin(frames).then(() => window.seen.push('ready'))
    }, frames())
    await expect.poll(() => stage.deliveries().map(inShort)).toEqual(['GET 403 none'])
    expect(await page.evaluate(() => window.seen)).toEqual([])
    await close()
  })

  it('shows all of them with it', async () => {
    const { page, seen, close } = await stage.open(widgetsPage)
    await register(page, stage.options)
    await page.evaluate(frames => window.signedWidgets.spin(frames), frames())
    expect(await page.locator('#spin canvas').count()).toBeGreaterThan(0)
    const delivered = stage.deliveries()
    expect(new Set(delivered.map(({ path }) => path.replace(/\?.*/, ''))).size).toBe(36)
    expect(new Set(delivered.map(inShort))).toEqual(new Set(['GET 200 header']))
    expect(stage.keyRequests()).toBe(1)
    expect(seen.errors).toEqual([])
    await close()
  })
})
