import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { addressOf, delivered, keyInfo, privatePhoto } from '../../traffic.ts'
import { deliveries } from './spin-frames.ts'
import { expectCleanTraffic, openStage, type Stage } from './stage.ts'
import { uploadByHand } from './uploader-hands.ts'

let stage: Stage
beforeAll(async () => {
  // StrictMode mounts twice in the development build of React only.
  vi.stubEnv('NODE_ENV', 'development')
  const configFile = fileURLToPath(new URL('../pages/vite.config.ts', import.meta.url))
  await build({ configFile, mode: 'development', logLevel: 'error' })
  vi.unstubAllEnvs()
  stage = await openStage({ drawAtStart: true })
})
afterAll(() => stage?.close())

let opened: Awaited<ReturnType<Stage['open']>>
let page: Page
beforeEach(async () => {
  opened = await stage.open('development/hooks', 'hooks')
  page = opened.page
  return () => opened.close()
})

const told = () => page.evaluate(() => window.hooks.told)
const liveUrls = () => page.evaluate(() => window.hooks.liveUrls())
const unmount = () => page.evaluate(() => window.hooks.unmount())
const count = (kind: string) =>
  stage.emulator.log.filter(entry => entry.kind === kind && entry.method !== 'OPTIONS').length
const viewerIsReady = (times: number) => page.waitForFunction(times => window.hooks.told.ready >= times, times)

/** Zooms in by a double click, as a visitor does, and waits until every frame was loaded again. */
async function zoom(): Promise<void> {
  const { decoded: before } = await told()
  await page.locator('canvas').first().dblclick()
  await page.waitForFunction(before => {
    const { decoded, errors } = window.hooks.told
    return decoded + errors.length >= before + 36
  }, before)
}

/** How often effects run for one mount. */
const frameworks = [
  ["React's StrictMode", 'react', 2],
  ['Preact', 'preact', 1],
] as const

describe.each(frameworks)('in %s, the hook for the spin', (_, framework, mounts) => {
  const render = (folder: string) =>
    page.evaluate(([framework, folder]) => window.hooks[framework]('Spin', { folder }), [framework, folder] as const)

  it('shows 36 private frames once, another folder after them, and leaves no object URL (rule 17)', async () => {
    await render('/spin-private')
    await viewerIsReady(1)
    expect(await told()).toMatchObject({ mounts, states: ['loading', 'ready, shown'] })
    expect([await liveUrls(), deliveries(stage, 200).length]).toEqual([36, 36])

    // Rendered again: other options by identity, the same by value.
    const drawnOn = await page.locator('canvas').first().elementHandle()
    for (let i = 0; i < 3; i++) await render('/spin-private')
    expect(await drawnOn?.evaluate(canvas => canvas.isConnected)).toBe(true)

    // The same frames, by another name.
    await render('/spin-private/')
    await viewerIsReady(2)
    await expect.poll(liveUrls).toBe(36)
    expect(deliveries(stage, 200)).toHaveLength(72)
    await zoom()
    expect(await told()).toMatchObject({
      states: ['loading', 'ready, shown', 'loading, shown', 'ready, shown'],
      errors: [],
    })

    await unmount()
    await expect.poll(liveUrls).toBe(0)
    expectCleanTraffic(stage.api, opened.seen)
  })

  it('that is unmounted in mid-load leaves nothing and reports nothing', async () => {
    stage.emulator.setFaults({ latencyMs: 20 })
    await render('/spin-private')
    await page.waitForFunction(() => window.hooks.liveUrls() >= 6)
    await unmount()
    await expect.poll(liveUrls).toBe(0)
    await page.waitForFunction(() => window.hooks.told.inFlight === 0)
    expect(await told()).toMatchObject({ ready: 0, states: ['loading'], errors: [] })
    expect(deliveries(stage, 200).length).toBeLessThan(36)
    expect(await liveUrls()).toBe(0)
    expect(opened.seen.errors).toEqual([])
  })
})

describe.each(frameworks)('in %s, the hook for the image editor', (_, framework, mounts) => {
  it('opens a private image once, saves, and leaves no object URL (rule 17)', async () => {
    const source = addressOf(stage.api.origin, privatePhoto)
    await page.evaluate(([framework, source]) => window.hooks[framework]('Editor', { source, folder: '/inbox' }), [
      framework,
      source,
    ] as const)
    await page.getByText('Flip X', { exact: true }).click()
    await page.getByText('Un-Flip X', { exact: true }).waitFor()
    await page.locator('.FIE_buttons-save-btn-button').click()
    await page.getByText('Save as', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).last().click()
    await page.waitForFunction(() => window.hooks.told.saved.length + window.hooks.told.errors.length > 0)
    expect(await told()).toMatchObject({
      mounts,
      states: ['loading', 'ready, shown'],
      saved: ['night-ridge-edited.png'],
      errors: [],
    })
    expect([count('delivery'), count('upload')]).toEqual([1, 1])
    expect(await liveUrls()).toBe(1)
    await unmount()
    await expect.poll(liveUrls).toBe(0)
    expectCleanTraffic(stage.api, opened.seen)
    const saved = await delivered(stage.api.origin, '/inbox/night-ridge-edited.png')
    expect(saved).toMatchObject({ status: 200, type: 'image/png' })
    expect(saved.bytes.length).toBeGreaterThan(1000)
  })
})

describe("in React's StrictMode, the hook for the uploader", () => {
  const render = () => page.evaluate(() => window.hooks.react('Uploader', { folder: '/inbox' }))
  const isReady = () => page.waitForFunction(() => window.hooks.told.states.at(-1) === 'ready')

  it('connects once, uploads, and comes back after it was unmounted (rule 17)', async () => {
    await render()
    await isReady()
    expect(await told()).toMatchObject({ mounts: 2, states: ['loading', 'ready'] })
    await uploadByHand(page, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') })
    await expect.poll(() => stage.emulator.counters.uploads).toBe(1)
    await page.locator('#uploader').getByText('notes').first().waitFor()
    expectCleanTraffic(stage.api, opened.seen, [keyInfo])

    await unmount()
    expect(await page.locator('#root *').count()).toBe(0)
    await render()
    await isReady()
    await uploadByHand(page, { name: 'more.txt', mimeType: 'text/plain', buffer: Buffer.from('more') })
    await expect.poll(() => stage.emulator.counters.uploads).toBe(2)
    expectCleanTraffic(stage.api, opened.seen, [keyInfo, keyInfo])
    await unmount()
    expect(opened.seen.errors).toEqual([])
  })

  it('says that there is no key, and is ready when there is one', async () => {
    stage.emulator.setFaults({ keyAnswer: 'template_rejected' })
    await render()
    await expect.poll(async () => (await told()).states).toEqual(['loading', 'error'])
    stage.emulator.clearFaults()
    await page.evaluate(() => window.hooks.auth.getKey({ forceRefresh: true }).then(() => undefined))
    await isReady()
    expect(opened.seen.errors).toEqual([])
  })
})
