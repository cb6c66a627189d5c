import { describe, expect, it } from 'vitest'
import { addressOf, delivered, privatePhoto } from '../../traffic.ts'
import type { Tab } from '../drivers/browser.ts'
import { until } from '../drivers/wait.ts'
import { inEachEngine } from '../harness.ts'
import { expectCleanTraffic, sent } from './traffic.ts'
import { press, pressElement, sees } from './visitor.ts'

/** Mirrors the image, when it is there, and waits until that was done. */
async function flip(tab: Tab): Promise<void> {
  await press(tab, 'Flip X')
  await sees(tab, 'Un-Flip X')
}

/** Runs in a page: by how much two pictures differ, and the second mirrored, per colour channel of their middle row. */
async function differences(first: string, second: string): Promise<{ same: number; mirrored: number }> {
  const row = async (picture: string) => {
    const image = new Image()
    image.src = `data:image/png;base64,${picture}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth
    canvas.height = 1
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, -(image.naturalHeight >> 1))
    const { data } = context.getImageData(0, 0, canvas.width, 1)
    return Array.from({ length: canvas.width }, (_, x) => [...data.subarray(4 * x, 4 * x + 3)])
  }
  const [a, b] = [await row(first), await row(second)]
  const difference = (of: number[][]) => {
    const [left, right] = [a.flat(), of.flat()]
    return left.reduce((sum, value, i) => sum + Math.abs(value - (right[i] ?? 255)), 0) / left.length
  }
  return { same: difference(b), mirrored: difference([...b].reverse()) }
}

inEachEngine(stage => {
  const sourceUrl = () => addressOf(stage.apiOrigin(), privatePhoto)
  const statuses = (kind: string) => sent(stage, kind).map(({ status, keyIn }) => `${status} ${keyIn}`)

  describe('the image editor', () => {
    it('opens a private image, and saves what was changed as a new file', async () => {
      const tab = await stage.openBuilt('widgets', 'widgets')
      await tab.run(
        async sourceUrl => void (await window.widgets.editor({ sourceUrl, folder: '/photos' })),
        sourceUrl(),
      )
      await flip(tab)
      await pressElement(tab, '.FIE_buttons-save-btn-button')
      await press(tab, 'New file')
      // The dialog with name and format hangs on the body.
      await sees(tab, 'Save as', '.FIE_save-modal')
      await press(tab, 'Save', '.FIE_save-modal')
      await until('the end of the save', () =>
        tab.run(() => window.widgets.saved.length + window.widgets.failed.length > 0),
      )
      expect(await tab.run(() => window.widgets.failed.map(String))).toEqual([])
      await expectCleanTraffic(stage, tab)
      expect(stage.api.counters.uploads).toBe(1)

      const saved = await delivered(stage.apiOrigin(), '/photos/night-ridge-edited.png')
      const source = await delivered(stage.apiOrigin(), privatePhoto)
      expect(saved).toMatchObject({ status: 200, type: 'image/png' })
      expect(saved.bytes.equals(source.bytes)).toBe(false)
      // It is the same picture, mirrored; the canvas blends neighbouring pixels a little.
      const [first, second] = [source, saved].map(({ bytes }) => bytes.toString('base64'))
      const { same, mirrored } = await tab.run(differences, first!, second!)
      expect(mirrored).toBeLessThan(same / 4)
    })

    it('is not opened with an image that is not there', async () => {
      const tab = await stage.openBuilt('widgets', 'widgets')
      const error = await tab.run(
        sourceUrl =>
          window.widgets.editor({ sourceUrl, folder: '/inbox' }).then(
            () => undefined,
            ({ code, status }: { code: string; status: number }) => ({ code, status }),
          ),
        addressOf(stage.apiOrigin(), '/photos/no-such-file.png'),
      )
      expect(error).toEqual({ code: 'server', status: 404 })
    })

    it('leaves no object URL when its connection is released', async () => {
      const tab = await stage.openBuilt('editor', 'editor')
      await tab.run(source => window.editor.connected({ source }), sourceUrl())
      await flip(tab)
      const left = await tab.run(() => {
        const before = window.editor.openObjectUrls()
        window.editor.close()
        return [before, window.editor.openObjectUrls()]
      })
      expect(left).toEqual([1, 0])
    })
  })

  describe('a save', () => {
    it.each([
      ['fetch', false],
      ['XMLHttpRequest', true],
    ])(
      'by %s with a key that expires just then stores once, and just the bytes that were made (rule 12)',
      async (_, isProgressWanted) => {
        const tab = await stage.openBuilt('editor', 'editor')
        const options = { source: sourceUrl(), folder: '/inbox', isProgressWanted }
        await tab.run(options => window.editor.connected(options), options)
        await flip(tab)
        stage.api.expireKeys()
        await pressElement(tab, '.FIE_buttons-save-btn-button')
        await sees(tab, 'Save as', '.FIE_save-modal')
        await press(tab, 'Save', '.FIE_save-modal')
        await until('the end of the save', () => tab.run(() => window.editor.happened.includes('saved')))
        expect(statuses('upload')).toEqual(['403 header', '200 header'])
        expect(stage.api.files('/inbox')).toMatchObject([{ path: '/inbox/night-ridge-edited.png', version: 1 }])
        const hashes = await tab.run(() => window.editor.sentHashes())
        expect(stage.api.files('/inbox').map(({ sha256 }) => sha256)).toEqual(hashes)
        expect(statuses('key')).toHaveLength(2)
      },
    )
  })
})
