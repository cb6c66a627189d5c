import { beforeAll, expect, it } from 'vitest'
import { drawSeed } from '../../../demo/emulator/seed/index.ts'
import { addressOf, keyInfo, privatePhoto } from '../../traffic.ts'
import { until } from '../drivers/wait.ts'
import { inEachEngine } from '../harness.ts'
import { expectCleanTraffic } from './traffic.ts'
import { reads, sees, uploadByHand, uploaderIsReady } from './visitor.ts'

// All 36 frames, before a page waits for the first one.
beforeAll(() => drawSeed(new AbortController().signal))

inEachEngine(stage => {
  it('three widgets on one page work with one key request in all', { timeout: 120_000 }, async () => {
    const tab = await stage.openBuilt('widgets', 'widgets')
    await tab.run(
      async sourceUrl =>
        void (await Promise.all([
          window.widgets.uploader({ folder: '/inbox' }),
          window.widgets.editor({ sourceUrl, folder: '/inbox' }),
        ])),
      addressOf(stage.apiOrigin(), privatePhoto),
    )
    await sees(tab, 'Flip X', '#editor')
    await uploaderIsReady(tab)
    // After them: on a busy machine they hold the page up for longer than a first frame may take.
    await tab.run(async () => void (await window.widgets.spin({ folder: '/spin-private' })))
    await until('the spin', () => tab.run(() => !!document.querySelector('#spin canvas')?.getClientRects().length))
    await uploadByHand(tab, { name: 'together.txt', type: 'text/plain', base64: btoa('together') })
    await reads(tab, 'together', '#uploader')
    await until('the upload', () => stage.api.counters.uploads === 1)
    await expectCleanTraffic(stage, tab, [keyInfo])
    expect(stage.keyRequests()).toBe(1)
  })
})
