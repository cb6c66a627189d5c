import { afterAll, beforeAll, expect, it } from 'vitest'
import { addressOf, expectCleanTraffic, keyInfo, openStage, privatePhoto, type Stage } from './stage.ts'
import { uploadByHand } from './uploader-hands.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ drawAtStart: true })
})
afterAll(() => stage?.close())

it('three widgets on one page work with one key request in all', async () => {
  const { page, seen, close } = await stage.open()
  const sourceUrl = addressOf(stage.api.origin, privatePhoto)
  await page.evaluate(
    sourceUrl =>
      Promise.all([
        window.widgets.uploader({ folder: '/inbox' }),
        window.widgets.editor({ sourceUrl, folder: '/inbox' }),
        window.widgets.spin({ folder: '/spin-private' }),
      ]).then(() => undefined),
    sourceUrl,
  )
  await page.locator('#editor').getByText('Flip X', { exact: true }).waitFor()
  await page.locator('#spin canvas').first().waitFor()
  await uploadByHand(page, { name: 'together.txt', mimeType: 'text/plain', buffer: Buffer.from('together') })
  await page.locator('#uploader').getByText('together').first().waitFor()

  await expect.poll(() => stage.emulator.counters.uploads).toBe(1)
  expectCleanTraffic(stage.api, seen, [keyInfo])
  await close()
})
