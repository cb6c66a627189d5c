import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import { ready } from '../harness.ts'
import { hostedAt } from './site.ts'
import {
  inShort,
  killWorkers,
  openStage,
  otherPrivatePhoto,
  privatePhoto,
  register,
  type Stage,
  show,
} from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const controllerOf = (page: Page) => page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)
const keyOf = (page: Page) =>
  page.evaluate(async o => (await window.signing.createAuth(o).getKey()).value, stage.options)

/** Reloads as a visitor does with the shift key: the page is not controlled by any worker. */
async function reloadHard(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await Promise.all([page.waitForEvent('load'), session.send('Page.reload', { ignoreCache: true })])
  await session.detach()
  await ready(page, 'signing')
}

describe('after a hard reload', () => {
  it('the page is not controlled, and one call later its pictures are signed', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    await reloadHard(page)
    expect(await controllerOf(page)).toBeUndefined()
    expect(await show(page, `${stage.photo(privatePhoto)}?bare`)).toBe(0)

    await register(page, stage.options)
    expect(await controllerOf(page)).toContain(hostedAt)
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    // The key was kept meanwhile.
    expect(stage.keyRequests()).toBe(1)
    await close()
  })

  it('an ordinary one needs no call for it, since the worker is there before the page', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await page.reload()
    await ready(page, 'signing')
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    await close()
  })
})

describe('a worker that the browser has killed', () => {
  it('is started by the next picture, knows all it has to, and takes up the stored key', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    await killWorkers(page)
    expect(await show(page, `${stage.photo(privatePhoto)}?again`)).toBeGreaterThan(100)
    expect(stage.deliveries().map(inShort)).toEqual(['GET 200 header', 'GET 200 header'])
    expect(stage.keyRequests()).toBe(1)
    await close()
  })

  it('does not sign with a key that was cleared while it was away', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    await killWorkers(page)
    await page.evaluate(options => window.signing.createAuth(options).clear(), stage.options)
    expect(await show(page, `${stage.photo(privatePhoto)}?again`)).toBeGreaterThan(100)
    const [before, after] = stage.deliveries()
    expect(after?.keyLabel).not.toBe(before?.keyLabel)
    expect(stage.keyRequests()).toBe(2)
    await close()
  })
})

describe('an update', () => {
  it('of the file takes over in open pages, and goes on with the same key', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    stage.site.release = '// another release'
    const isAnother = await page.evaluate(async () => {
      const old = navigator.serviceWorker.controller
      const changed = new Promise(resolve => navigator.serviceWorker.addEventListener('controllerchange', resolve))
      await (await navigator.serviceWorker.ready).update()
      await changed
      return navigator.serviceWorker.controller !== old
    })
    expect(isAnother).toBe(true)
    expect(await show(page, `${stage.photo(privatePhoto)}?again`)).toBeGreaterThan(100)
    expect(stage.keyRequests()).toBe(1)
    await close()
  })

  it('of the options takes over in the page that registers them, and tells the other one', async () => {
    const { page, context, close } = await stage.open()
    const other = await stage.openTab(context)
    for (const tab of [page, other]) {
      await tab.evaluate(
        async ([script, options]) => {
          const onReplaced = (url: string) => window.seen.push(new URL(url).searchParams.get('templateId') ?? '')
          await window.signing.registerServiceWorker(script, { ...options, onReplaced })
        },
        [hostedAt, stage.options] as const,
      )
    }
    const narrow = { ...stage.options, templateId: SEED.narrowTemplateId }
    await register(page, narrow)
    expect(await controllerOf(page)).toContain(SEED.narrowTemplateId)
    for (const tab of [page, other]) {
      await expect.poll(() => tab.evaluate(() => window.seen)).toEqual([SEED.narrowTemplateId])
    }
    // One worker for both: the narrow template's keys do not open this one.
    expect(await show(other, stage.photo(privatePhoto))).toBe(0)
    expect(stage.deliveries().map(inShort)).toEqual(['GET 403 header'])

    // The last call counts, and nobody calls by himself.
    await register(other, stage.options)
    expect(await show(page, `${stage.photo(privatePhoto)}?wide`)).toBeGreaterThan(100)
    await close()
  })
})

describe('two tabs', () => {
  it('are served by one worker, with one key', async () => {
    const { page, context, close } = await stage.open()
    const other = await stage.openTab(context)
    await Promise.all([register(page, stage.options), register(other, stage.options)])
    const widths = await Promise.all([
      show(page, stage.photo(privatePhoto)),
      show(other, stage.photo(otherPrivatePhoto)),
      keyOf(page),
      keyOf(other),
    ])
    expect(widths[0]).toBeGreaterThan(100)
    expect(widths[1]).toBeGreaterThan(100)
    expect(widths[2]).toBe(widths[3])
    expect(stage.keyRequests()).toBe(1)
    await close()
  })

  it('with scopes of their own have workers of their own', async () => {
    const { page, context, close } = await stage.open()
    const deep = await stage.openTab(context, '/deep/down/page.html')
    await register(page, stage.options)
    await register(deep, { ...stage.options, templateId: SEED.narrowTemplateId }, '/deep/down/worker.js')
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    expect(await show(deep, stage.photo(privatePhoto))).toBe(0)
    expect(await controllerOf(page)).toContain(SEED.templateId)
    expect(await controllerOf(deep)).toContain(SEED.narrowTemplateId)
    await close()
  })
})

describe('unregister()', () => {
  it('is taken back by another call on the same page', async () => {
    const { page, close } = await stage.open()
    await page.evaluate(
      async ([script, options]) => {
        await (await window.signing.registerServiceWorker(script, options)).unregister()
        await window.signing.registerServiceWorker(script, options)
      },
      [hostedAt, stage.options] as const,
    )
    await page.reload()
    await ready(page, 'signing')
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    await close()
  })

  it('takes the worker away for pages that are loaded later, and may be called again', async () => {
    const { page, close } = await stage.open()
    await page.evaluate(
      async ([script, options]) => {
        const { unregister } = await window.signing.registerServiceWorker(script, options)
        await Promise.all([unregister(), unregister()])
        await unregister()
      },
      [hostedAt, stage.options] as const,
    )
    await page.reload()
    await ready(page, 'signing')
    expect(await controllerOf(page)).toBeUndefined()
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
    expect(await show(page, stage.photo(privatePhoto))).toBe(0)

    // And may come back.
    await register(page, stage.options)
    expect(await show(page, `${stage.photo(privatePhoto)}?again`)).toBeGreaterThan(100)
    await close()
  })
})
