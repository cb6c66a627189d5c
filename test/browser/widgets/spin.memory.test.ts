import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { liveUrls, viewerIsReady, zoom } from './spin-frames.ts'
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

/** Connects the private folder, with the viewer's element as its container or without one, and shows it. */
async function show(hasContainer = true): Promise<void> {
  await page.evaluate(async hasContainer => {
    const { spin } = window
    const container = hasContainer ? spin.element('viewer') : undefined
    spin.show(await spin.connect({ folder: '/spin-private', container }))
  }, hasContainer)
  await viewerIsReady(page)
  expect(await liveUrls(page)).toBe(36)
}

describe("the frames' memory", () => {
  it('is given back by itself when the viewer is destroyed', async () => {
    await show()
    await page.evaluate(() => window.spin.CI360.destroy('viewer'))
    await expect.poll(() => liveUrls(page)).toBe(0)
  })

  it.each([
    ['the element of the viewer', () => window.spin.element('viewer').remove()],
    ['one around it', () => window.spin.element('stage').remove()],
  ])('is given back by itself when %s is taken out of the document', async (_, remove) => {
    await show()
    await page.evaluate(remove)
    await expect.poll(() => liveUrls(page)).toBe(0)
  })

  it('is kept by a release that comes early, until the viewer is destroyed', async () => {
    await show()
    await page.evaluate(async () => {
      window.spin.connection?.release()
      window.spin.connection?.release()
      await window.spin.settled()
    })
    expect(await liveUrls(page)).toBe(36)
    await zoom(page)
    expect(await page.evaluate(() => window.spin.told.errors)).toEqual([])
    await page.evaluate(() => window.spin.CI360.destroy('viewer'))
    await expect.poll(() => liveUrls(page)).toBe(0)
  })

  it('is kept by a release before the viewer has drawn, too', async () => {
    await page.evaluate(async () => {
      const { spin } = window
      spin.show(await spin.connect({ folder: '/spin-private', container: spin.element('viewer') }))
      spin.connection?.release()
    })
    await viewerIsReady(page)
    expect(await liveUrls(page)).toBe(36)
    await page.evaluate(() => window.spin.CI360.destroy('viewer'))
    await expect.poll(() => liveUrls(page)).toBe(0)
  })

  it('is kept while the element is moved, and while updateView makes a new viewer of the same frames', async () => {
    await show()
    await page.evaluate(async () => {
      const { spin } = window
      spin.element('root').append(spin.element('stage'))
      spin.CI360.updateView('viewer', { hints: false })
      await spin.settled()
    })
    await viewerIsReady(page, 2)
    expect(await liveUrls(page)).toBe(36)
    await zoom(page)
    expect(await page.evaluate(() => window.spin.told.errors)).toEqual([])
  })

  it('of frames that others replace in the same element is given back, and that of the others kept', async () => {
    await show()
    await page.evaluate(async () => {
      const { spin } = window
      const old = spin.connection
      const { imageListX } = await spin.connect({ folder: '/spin-private', container: spin.element('viewer') })
      spin.CI360.updateView('viewer', { imageListX })
      old?.release()
    })
    await expect.poll(() => liveUrls(page)).toBe(36)
    await viewerIsReady(page, 2)
    await zoom(page)
    expect(await page.evaluate(() => window.spin.told.errors)).toEqual([])
    await page.evaluate(() => window.spin.CI360.destroy('viewer'))
    await expect.poll(() => liveUrls(page)).toBe(0)
  })

  it('of frames that wait for an old viewer to go is kept until theirs has come and gone', async () => {
    await show()
    await page.evaluate(async () => {
      const { spin } = window
      const old = spin.connection
      const lists = await spin.connect({ folder: '/spin-private', container: spin.element('viewer') })
      spin.CI360.destroy('viewer')
      old?.release()
      await spin.settled()
      spin.show(lists)
    })
    await viewerIsReady(page, 2)
    expect(await liveUrls(page)).toBe(36)
    await page.evaluate(() => window.spin.CI360.destroy('viewer'))
    await expect.poll(() => liveUrls(page)).toBe(0)
  })

  it('is given back in a shadow tree as well', async () => {
    await page.evaluate(async () => {
      const { spin } = window
      const shadow = spin.element('root').attachShadow({ mode: 'open' })
      const container = shadow.appendChild(document.createElement('div'))
      container.id = 'within'
      const lists = await spin.connect({ folder: '/spin-private', container })
      spin.CI360.init(container, { ...lists, lazyload: false, hints: false, onReady: () => spin.told.ready++ })
    })
    await viewerIsReady(page)
    expect(await liveUrls(page)).toBe(36)
    await page.evaluate(() => window.spin.CI360.destroy('within'))
    await expect.poll(() => liveUrls(page)).toBe(0)
  })

  it('is given back at once by release, where no container was named', async () => {
    await show(false)
    await page.evaluate(() => window.spin.CI360.destroy('viewer'))
    await page.evaluate(() => window.spin.settled())
    expect(await liveUrls(page)).toBe(36)
    await page.evaluate(() => window.spin.connection?.release())
    expect(await liveUrls(page)).toBe(0)
  })

  it('is given back when the element goes while frames load, which then ends', async () => {
    stage.emulator.setFaults({ latencyMs: 20 })
    const result = await page.evaluate(() => {
      const { spin } = window
      const container = spin.element('viewer')
      const onProgress = ({ loaded }: { loaded: number }) => {
        if (loaded === 8) spin.element('stage').remove()
      }
      return spin.outcome(spin.connect({ folder: '/spin-private', container, onProgress }))
    })
    expect(result.code).toBe('AbortError')
    await expect.poll(() => page.evaluate(() => window.spin.seen.inFlight)).toBe(0)
    expect(await liveUrls(page)).toBe(0)
  })

  it('is given back when a frame turns out to be where the key may not go', async () => {
    const result = await page.evaluate(async () => {
      const { spin } = window
      const base = `${spin.where.apiBase}/cdn/${spin.where.token}/spin-private`
      const urlsX = ['01', '02', '03', '04', '05', '06', '07', '08'].map(number => `${base}/gem-${number}.png`)
      return spin.outcome(spin.connect({ urlsX: [...urlsX, 'https://elsewhere.example/9.png'] }))
    })
    expect(result).toMatchObject({ code: 'origin_not_allowed', message: expect.stringContaining('elsewhere.example') })
    await expect.poll(() => page.evaluate(() => window.spin.seen.inFlight)).toBe(0)
    expect(await liveUrls(page)).toBe(0)
    expect(await page.evaluate(() => window.spin.seen.made)).toBeGreaterThan(0)
  })
})
