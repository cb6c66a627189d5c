import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { delivered, keyInfo } from '../../traffic.ts'
import { until } from '../drivers/wait.ts'
import { inEachEngine } from '../harness.ts'
import { expectCleanTraffic, sent } from './traffic.ts'
import { reads, uploadByHand } from './visitor.ts'

inEachEngine(stage => {
  /** How many files were stored. */
  const uploads = () => stage.api.counters.uploads
  const statuses = (kind: string) => sent(stage, kind).map(({ status }) => status)
  const mount = async (folder: string) => {
    const tab = await stage.openBuilt('widgets', 'widgets')
    await tab.run(async folder => void (await window.widgets.uploader({ folder })), folder)
    return tab
  }
  /** A page with a connected core and XHRUpload that has its key, in `bench.made`. */
  const connectCore = async () => {
    const tab = await stage.openBuilt('uploader', 'bench')
    await tab.run(async () => {
      const { bench } = window
      const [auth, core] = [bench.newAuth(), bench.newCore()]
      core.use(bench.XHRUpload)
      await new Promise<void>(onReady => {
        Object.assign(bench.made, { auth, core, disconnect: bench.connect(auth, core, { onReady }) })
      })
    })
    return tab
  }

  describe('the uploader', () => {
    it('stores a file that was chosen in its own user interface, and shows it in its list', async () => {
      const tab = await mount('/inbox')
      const bytes = randomBytes(50_000)
      await uploadByHand(tab, { name: 'notes-of-the-day.txt', type: 'text/plain', base64: bytes.toString('base64') })
      await until('the upload', () => uploads() === 1)
      await reads(tab, 'notes-of-the-day', '#uploader')
      await expectCleanTraffic(stage, tab, [keyInfo])
      expect((await delivered(stage.apiOrigin(), '/inbox/notes-of-the-day.txt')).bytes.equals(bytes)).toBe(true)
    })

    it('goes on with a renewed key, and asks key/info about the first one only', async () => {
      const tab = await mount('/inbox')
      const [listing] = sent(stage, 'list')
      await tab.run(async () => void (await window.widgets.auth.getKey({ forceRefresh: true })))
      await uploadByHand(tab, { name: 'later.txt', type: 'text/plain', base64: btoa('later') })
      await until('the upload', () => uploads() === 1)
      const [upload] = sent(stage, 'upload')
      expect(upload).toMatchObject({ keyIn: 'header', status: 200 })
      expect(upload?.keyLabel).not.toBe(listing?.keyLabel)
      expect([statuses('key'), statuses('key_info')]).toEqual([[200, 200], [200]])
    })

    it('is mounted without a key too, says why there is none, and lists when there is one', async () => {
      stage.api.setFaults({ keyAnswer: 'template_rejected' })
      const tab = await mount('/photos')
      await reads(tab, 'No access to the media library (template_rejected).', 'body')
      stage.api.clearFaults()
      await tab.run(async () => void (await window.widgets.auth.getKey({ forceRefresh: true })))
      await reads(tab, 'winter-dusk', '#uploader')
      expect(sent(stage, 'list').filter(({ keyIn }) => keyIn !== 'header')).toEqual([])
    })

    it('leaves nothing behind when it is unmounted', async () => {
      const tab = await stage.openBuilt('widgets', 'widgets')
      const left = await tab.run(async () => {
        const { unmount } = await window.widgets.uploader({ folder: '/inbox' })
        const before = document.querySelectorAll('#uploader *').length
        unmount()
        return [before > 0, document.querySelectorAll('#uploader *').length]
      })
      expect(left).toEqual([true, 0])
    })
  })

  describe('a key that expires in mid-session', () => {
    it('costs three parallel uploads one key request, and stores three files', async () => {
      const tab = await connectCore()
      stage.api.expireKeys()
      const told = await tab.run(async () => {
        await window.bench.upload(window.bench.made.core, 3, 1000)
        return window.bench.told
      })
      expect(statuses('upload').sort((a, b) => a - b)).toEqual([200, 200, 200, 403, 403, 403])
      expect(statuses('key')).toEqual([200, 200])
      expect(uploads()).toBe(3)
      expect([told.uploads.length, told.errors, told.completed]).toEqual([3, [], [{ successful: 3, failed: 0 }]])
      expect(told.events.filter(({ type }) => type === 'resend')).toHaveLength(3)
    })
  })

  describe('a key that is refused for ever', () => {
    it('ends after two tries with one error, and `complete` says that it failed', async () => {
      const tab = await connectCore()
      // Judged when the file is there, a key of one second is always over.
      stage.api.setFaults({ validitySeconds: 1, claimsInKey: false, keyJudgedAt: 'end', uploadBytesPerSecond: 100_000 })
      stage.api.expireKeys()
      const told = await tab.run(async () => {
        await window.bench.upload(window.bench.made.core, 1, 150_000)
        return window.bench.told
      })
      expect(statuses('upload')).toEqual([403, 403])
      expect(told.uploads).toEqual(['error file-01.bin'])
      expect(told.completed).toEqual([{ successful: 0, failed: 1 }])
    })
  })

  describe('a connection that was ended', () => {
    it('leaves the uploader the key that it has, and gives it no later one (rule 17)', async () => {
      const tab = await connectCore()
      const keys = await tab.run(async () => {
        const { auth, core, disconnect } = window.bench.made
        const present = () => (core.getGlobalState() as { Core: { user: { sassKey?: string } } }).Core.user.sassKey
        disconnect()
        const before = present()
        const renewed = (await auth.getKey({ forceRefresh: true })).value
        return { before, after: present(), renewed }
      })
      expect(keys.before).toMatch(/^SASS_/)
      expect(keys.after).toBe(keys.before)
      expect(keys.renewed).not.toBe(keys.before)
    })
  })
})
