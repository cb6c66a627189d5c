import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered, expectCleanTraffic, keyInfo, openStage, type Stage } from './stage.ts'
import { uploadByHand } from './uploader-hands.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ drawAtStart: false })
})
afterAll(() => stage?.close())

describe('the uploader', () => {
  it('stores a file that was chosen in its own user interface, and shows it in its list', async () => {
    const { page, seen, close } = await stage.open()
    await page.evaluate(() => window.widgets.uploader({ folder: '/inbox' }))

    const bytes = randomBytes(50_000)
    await uploadByHand(page, { name: 'notes-of-the-day.txt', mimeType: 'text/plain', buffer: bytes })

    await expect.poll(() => stage.emulator.counters.uploads).toBe(1)
    await page.locator('#uploader').getByText('notes-of-the-day').first().waitFor()
    expectCleanTraffic(stage.api, seen, [keyInfo])
    expect((await delivered(stage.api, '/inbox/notes-of-the-day.txt')).bytes.equals(bytes)).toBe(true)
    await close()
  })

  it('goes on with a renewed key, and asks key/info about the first one only', async () => {
    const { page, seen, close } = await stage.open()
    await page.evaluate(() => window.widgets.uploader({ folder: '/inbox' }))
    const listing = stage.emulator.log.find(({ kind }) => kind === 'list')
    await page.evaluate(() => window.widgets.auth.getKey({ forceRefresh: true }).then(() => undefined))
    await uploadByHand(page, { name: 'later.txt', mimeType: 'text/plain', buffer: Buffer.from('later') })
    await expect.poll(() => stage.emulator.counters.uploads).toBe(1)

    const sent = stage.emulator.log.filter(({ method }) => method !== 'OPTIONS')
    expect(sent.find(({ kind }) => kind === 'upload')).toMatchObject({ keyIn: 'header', status: 200 })
    expect(sent.find(({ kind }) => kind === 'upload')?.keyLabel).not.toBe(listing?.keyLabel)
    expect(sent.filter(({ kind }) => kind === 'key')).toHaveLength(2)
    expect(sent.filter(({ kind }) => kind === 'key_info')).toHaveLength(1)
    expect(seen.errors).toEqual([])
    await close()
  })

  it('is mounted without a key too, says why there is none, and lists when there is one', async () => {
    const { page, seen, close } = await stage.open()
    stage.emulator.setFaults({ keyAnswer: 'template_rejected' })
    await page.evaluate(() => window.widgets.uploader({ folder: '/photos' }).then(() => undefined))
    await page.getByText('No access to the media library (template_rejected).').first().waitFor()
    stage.emulator.clearFaults()
    await page.evaluate(() => window.widgets.auth.getKey({ forceRefresh: true }).then(() => undefined))
    await page.locator('#uploader').getByText('winter-dusk').first().waitFor()
    expect(seen.errors).toEqual([])
    await close()
  })

  it('leaves nothing behind when it is unmounted', async () => {
    const { page, seen, close } = await stage.open()
    await page.evaluate(async () => (await window.widgets.uploader({ folder: '/inbox' })).unmount())
    expect(await page.locator('#uploader *').count()).toBe(0)
    expect(seen.errors).toEqual([])
    await close()
  })
})
