import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectCleanTraffic, openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ drawAtStart: true })
})
afterAll(() => stage?.close())

/** Drags the object round and waits until another picture is shown. */
async function turn(page: Page): Promise<void> {
  const canvas = page.locator('#spin canvas').first()
  const box = await canvas.boundingBox()
  if (!box) throw new Error('The spin is not shown')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const drag = async (distance: number) => {
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + distance, y, { steps: 8 })
    await page.mouse.up()
  }
  // The first one also puts the hints away.
  await drag(120)
  const before = await canvas.screenshot()
  await drag(-60)
  await expect.poll(async () => (await canvas.screenshot()).equals(before)).toBe(false)
}

/** Paths of the frames that were delivered, each with whether the key was sent. */
const delivered = () =>
  stage.emulator.log
    .filter(({ kind, method, status }) => kind === 'delivery' && method === 'GET' && status === 200)
    .map(({ path, keyIn }) => `${path.replace(/\?.*/, '')} ${keyIn}`)

describe('the 360° spin', () => {
  it.each([
    ['public', '/spin', 'none'],
    ['private', '/spin-private', 'header'],
  ])('shows the 36 frames of a %s folder and can be turned', async (_, folder, keyIn) => {
    const { page, seen, close } = await stage.open()
    const frames = await page.evaluate(async folder => (await window.widgets.spin({ folder })).frames, folder)
    expect(frames).toBe(36)
    await turn(page)

    expect(new Set(delivered()).size).toBe(36)
    expect(delivered().filter(entry => !entry.endsWith(` ${keyIn}`))).toEqual([])
    expectCleanTraffic(stage.api, seen)
    await close()
  })

  it('is refused, and does not hang, for a folder without frames', async () => {
    const { page, close } = await stage.open()
    const code = await page.evaluate(() =>
      window.widgets.spin({ folder: '/inbox' }).then(
        () => 'shown',
        ({ code }) => code as string,
      ),
    )
    expect(code).toBe('server')
    await close()
  })

  it('gives everything back when it is unmounted', async () => {
    const { page, seen, close } = await stage.open()
    const revoked = await page.evaluate(async () => {
      const made = new Set<string>()
      const [create, revoke] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)]
      URL.createObjectURL = blob => {
        const url = create(blob)
        // The viewer makes one for its worker's script.
        if (blob instanceof Blob && blob.type.startsWith('image/')) made.add(url)
        return url
      }
      URL.revokeObjectURL = url => {
        made.delete(url)
        revoke(url)
      }
      const spin = await window.widgets.spin({ folder: '/spin-private' })
      const before = made.size
      spin.unmount()
      return { before, after: made.size }
    })
    expect(revoked).toEqual({ before: 36, after: 0 })
    expect(await page.locator('#spin *').count()).toBe(0)
    expect(seen.errors).toEqual([])
    await close()
  })
})
