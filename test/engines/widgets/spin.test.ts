import { beforeAll, describe, expect, it } from 'vitest'
import { drawSeed } from '../../../demo/emulator/seed/index.ts'
import { until } from '../drivers/wait.ts'
import { inEachEngine } from '../harness.ts'
import { expectCleanTraffic, sent } from './traffic.ts'
import { drag } from './visitor.ts'

/** Runs in a page: what the viewer shows, as text. */
function shown(): string {
  const drawn = document.querySelector<HTMLCanvasElement>('#spin canvas')!
  const copy = document.createElement('canvas')
  Object.assign(copy, { width: drawn.width, height: drawn.height })
  copy.getContext('2d')!.drawImage(drawn, 0, 0)
  return copy.toDataURL()
}

// All 36 frames, before a page waits for the first one.
beforeAll(() => drawSeed(new AbortController().signal))

inEachEngine(stage => {
  /** Paths of the frames that were answered with `status`, each with whether the key was sent. */
  const deliveries = (status: number) =>
    sent(stage, 'delivery')
      .filter(entry => entry.status === status && entry.method === 'GET')
      .map(({ path, keyIn }) => `${path.replace(/\?.*/, '')} ${keyIn}`)

  describe('the 360° spin', () => {
    it.each([
      ['public', '/spin', 'none'],
      ['private', '/spin-private', 'header'],
    ])('shows the 36 frames of a %s folder and can be turned', async (_, folder, keyIn) => {
      const tab = await stage.openBuilt('widgets', 'widgets')
      expect(await tab.run(async folder => (await window.widgets.spin({ folder })).frames, folder)).toBe(36)
      // The first one also puts the hints away.
      await drag(tab, '#spin canvas', 120)
      const before = await tab.run(shown)
      await drag(tab, '#spin canvas', -60)
      await until('another picture', async () => (await tab.run(shown)) !== before)
      expect(new Set(deliveries(200)).size).toBe(36)
      expect(deliveries(200).filter(entry => !entry.endsWith(` ${keyIn}`))).toEqual([])
      await expectCleanTraffic(stage, tab)
    })

    it('is refused, and does not hang, for a folder without frames', async () => {
      const tab = await stage.openBuilt('widgets', 'widgets')
      const code = await tab.run(() =>
        window.widgets.spin({ folder: '/inbox' }).then(
          () => 'shown',
          ({ code }: { code: string }) => code,
        ),
      )
      expect(code).toBe('server')
    })

    it('gives everything back when it is unmounted', async () => {
      const tab = await stage.openBuilt('widgets', 'widgets')
      const left = await tab.run(async () => {
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
        return { before, after: made.size, elements: document.querySelectorAll('#spin *').length }
      })
      expect(left).toEqual({ before: 36, after: 0, elements: 0 })
    })
  })

  describe('36 private frames', () => {
    it('all come when the key expires in the middle, with one more key request (rule 12)', async () => {
      const tab = await stage.openBuilt('spin', 'spin')
      stage.api.setFaults({ latencyMs: 15 })
      const connecting = tab.run(async () => {
        const { imageListX } = await window.spin.connect({ folder: '/spin-private' })
        return imageListX.filter(url => url.startsWith('blob:')).length
      })
      await until('some frames', () => deliveries(200).length > 6)
      stage.api.expireKeys()
      expect(await connecting).toBe(36)
      const refused = deliveries(403).length
      expect(refused).toBeGreaterThan(0)
      expect(refused).toBeLessThanOrEqual(6)
      expect(new Set(deliveries(200)).size).toBe(36)
      expect(sent(stage, 'key')).toHaveLength(2)
    })

    it('are given back at once by release, and by themselves when their viewer is destroyed', async () => {
      const tab = await stage.openBuilt('spin', 'spin')
      const live = () => tab.run(() => window.spin.seen.live.size)
      await tab.run(async () => void (await window.spin.connect({ folder: '/spin-private' })))
      expect(await live()).toBe(36)
      await tab.run(() => window.spin.connection!.release())
      expect(await live()).toBe(0)

      await tab.run(async () => {
        const container = window.spin.element('viewer')
        window.spin.show(await window.spin.connect({ folder: '/spin-private', container }))
      })
      await until('the viewer', () => tab.run(() => window.spin.told.ready === 1))
      // Early: the frames are shown, and stay.
      await tab.run(() => window.spin.connection!.release())
      expect(await live()).toBe(36)
      await tab.run(() => window.spin.CI360.destroy('viewer'))
      await until('their memory', async () => (await live()) === 0)
    })
  })
})
