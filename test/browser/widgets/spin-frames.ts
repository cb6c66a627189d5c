import type { Page } from 'playwright-core'
import { addressOf } from '../../traffic.ts'
import type { Stage } from './stage.ts'

/** The address of a frame of the seed, by its number. */
export const frameUrl = ({ api }: Stage, number: number, folder = '/spin') =>
  addressOf(api.origin, `${folder}/gem-${`${number}`.padStart(2, '0')}.png`)

/** The addresses of all 36. */
export const frameUrls = (stage: Stage, folder?: string) =>
  Array.from({ length: 36 }, (_, i) => frameUrl(stage, i + 1, folder))

/** Deliveries that were answered with `status`, each with whether the key was sent. */
export const deliveries = ({ emulator }: Stage, status: number) =>
  emulator.log
    .filter(entry => entry.kind === 'delivery' && entry.method === 'GET' && entry.status === status)
    .map(({ path, keyIn }) => `${path.replace(/\?.*/, '')} ${keyIn}`)

/** Waits until the viewer has drawn and can be turned. */
export const viewerIsReady = (page: Page, times = 1) =>
  page.waitForFunction(times => window.spin.told.ready >= times, times)

/** Zooms in by a double click, as a visitor does, and waits until every frame was loaded again. */
export async function zoom(page: Page): Promise<void> {
  const before = await page.evaluate(() => window.spin.seen.decoded.length)
  await page.locator('canvas').first().dblclick()
  await page.waitForFunction(
    before => window.spin.seen.decoded.length + window.spin.told.errors.length >= before + 36,
    before,
  )
  await page.evaluate(() => window.spin.settled())
}

/** Turns the vanilla viewer once round, zoomed in, and gives how many different pictures it has shown. */
export async function picturesInOneTurn(page: Page): Promise<number> {
  const pictures = new Set<string>()
  for (let i = 0; i < 36; i++) {
    const picture = await page.evaluate(async () => {
      const { viewer, settled, picture } = window.spin
      // While it is zoomed in, a viewer draws a new frame with the next change of the zoom only.
      viewer?.zoomPan.resetZoom()
      viewer?.moveRight(false, 1)
      viewer?.zoomPan.setZoom(2)
      await settled()
      return picture()
    })
    pictures.add(picture)
  }
  return pictures.size
}

/** How many object URLs of frames there are. */
export const liveUrls = (page: Page) => page.evaluate(() => window.spin.seen.live.size)
