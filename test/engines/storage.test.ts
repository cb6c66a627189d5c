import { describe, expect, it } from 'vitest'
import type { Tab } from './drivers/browser.ts'
import { until } from './drivers/wait.ts'
import { inEachEngine, keyIn } from './harness.ts'
import { addRecord, readRecords, replaceRecords } from './page/records.ts'
import { simulateTime } from './page/simulated-time.ts'
import { breakDatabase, storageFaults } from './page/storage-faults.ts'
import { call } from './site.ts'

/** One key request, on a shared machine. */
const REQUEST_MS = 1500

/** A key for a caller, and how long he waited for it. */
const timedKeyIn = (tab: Tab) =>
  tab.run(async () => {
    const startedAtMs = performance.now()
    const { value } = await window.auth.getKey()
    return { value, tookMs: performance.now() - startedAtMs }
  })
const storageIn = (tab: Tab) => tab.run(() => window.auth.state.storage)

inEachEngine(stage => {
  describe('a database that', () => {
    it.each(storageFaults)('%s costs a caller no error and a second at most (rule 15)', async (_, before) => {
      const tab = await stage.open({}, { before: [before] })
      const { value, tookMs } = await timedKeyIn(tab)
      expect(value).toMatch(/^SASS_/)
      expect(tookMs).toBeLessThan(1000 + REQUEST_MS)
      // A write that fails may end after the caller has his key.
      await until('memory takes over', async () => (await storageIn(tab)) === 'memory')
      expect(await tab.run(async url => (await window.auth.fetch(url)).status, stage.filesUrl())).toBe(200)
      expect(await keyIn(tab)).toBe(value)
      expect(stage.keyRequests()).toBe(1)
    })

    it('another tab keeps blocked costs no error and a second at most (rule 15)', async () => {
      const [blocking, tab] = [await stage.open(), await stage.open()]
      // An open connection that ignores who wants to delete: whoever opens it now waits behind.
      await blocking.run(
        () =>
          new Promise<void>(resolve => {
            indexedDB.open('filerobot-widget-auth').onsuccess = () => {
              indexedDB.deleteDatabase('filerobot-widget-auth').onblocked = () => resolve()
            }
          }),
      )
      const { value, tookMs } = await timedKeyIn(tab)
      expect(value).toMatch(/^SASS_/)
      expect(tookMs).toBeLessThan(1000 + REQUEST_MS)
      expect(await storageIn(tab)).toBe('memory')
      expect(stage.keyRequests()).toBe(1)
    })

    it('has a higher version without our store costs no error (rule 15)', async () => {
      const before = call(() => void indexedDB.open('filerobot-widget-auth', 7))
      const tab = await stage.open({}, { before: [before] })
      expect(await keyIn(tab)).toMatch(/^SASS_/)
      expect(await storageIn(tab)).toBe('memory')
      expect(stage.keyRequests()).toBe(1)
    })

    it('has a higher version with our store is used as it is (rule 15)', async () => {
      const before = call(() => {
        const opening = indexedDB.open('filerobot-widget-auth', 7)
        opening.onupgradeneeded = () => {
          opening.result.createObjectStore('records')
        }
        opening.onsuccess = () => opening.result.close()
      })
      const tab = await stage.open({}, { before: [before] })
      const key = await keyIn(tab)
      expect(await storageIn(tab)).toBe('indexeddb')
      await tab.reload()
      expect(await keyIn(tab)).toBe(key)
      expect(stage.keyRequests()).toBe(1)
    })

    it('the browser takes away under an open page is made anew (rule 15)', async context => {
      const { clearDatabases } = stage.browser.powers
      if (!clearDatabases) return context.skip(`${stage.engine.name} has no command for it`)
      const tab = await stage.open()
      const key = await keyIn(tab)
      await tab.run(
        () =>
          new Promise<void>(resolve => {
            const opening = indexedDB.open('witness')
            opening.onsuccess = () => {
              opening.result.onclose = () => (document.title = 'closed')
              resolve()
            }
          }),
      )
      await clearDatabases(tab, stage.origin)
      await until('the connections are closed', () => tab.run(() => document.title === 'closed'))
      expect(await keyIn(tab)).toBe(key)
      const renewed = await tab.run(async () => (await window.auth.getKey({ forceRefresh: true })).value)
      expect(renewed).not.toBe(key)
      await until('the database is back', async () => (await storageIn(tab)) === 'indexeddb')
      expect(await keyIn(await stage.open())).toBe(renewed)
      expect(stage.keyRequests()).toBe(2)
    })

    it('is over its quota costs no error (rule 15)', async context => {
      const { limitStorage } = stage.browser.powers
      if (!limitStorage) return context.skip(`${stage.engine.name} has no command that sets a quota`)
      const tab = await stage.open()
      await limitStorage(tab, stage.origin, 1024)
      try {
        expect(await keyIn(tab)).toMatch(/^SASS_/)
        await until('memory takes over', async () => (await storageIn(tab)) === 'memory')
        expect(stage.keyRequests()).toBe(1)
      } finally {
        await limitStorage(tab, stage.origin)
      }
    })

    it('works again after a fault is tried again later (rule 15)', async () => {
      const tab = await stage.open({}, { before: [call(simulateTime, 3000), call(breakDatabase)] })
      const key = await keyIn(tab)
      await until('memory takes over', async () => (await storageIn(tab)) === 'memory')
      await tab.run(() => window.mendDatabase())
      await tab.run(async () => {
        for (let minute = 0; minute < 5; minute++) {
          await window.time.pass(60_000)
          await window.auth.getKey({ forceRefresh: true })
        }
      })
      expect(await storageIn(tab)).toBe('indexeddb')
      expect(await keyIn(tab)).not.toBe(key)
      expect(await tab.run(readRecords, 'getAll')).toContainEqual(expect.objectContaining({ key: await keyIn(tab) }))
    })

    it('a sandboxed frame may not have costs no error (rules 2, 15, 16)', async () => {
      const report = call(async () => {
        const { value } = await window.auth.getKey()
        parent.postMessage([origin, value.slice(0, 5), window.auth.state.storage, window.hands.errors], '*')
      })
      const tab = await stage.open()
      const reported = tab.run(
        url =>
          new Promise(resolve => {
            const frame = document.createElement('iframe')
            frame.setAttribute('sandbox', 'allow-scripts')
            frame.src = url
            addEventListener('message', ({ data }) => resolve(data))
            document.body.append(frame)
          }),
        stage.url({}, { after: [report] }),
      )
      expect(await reported).toEqual(['null', 'SASS_', 'memory', []])
      expect(stage.keyRequests()).toBe(1)
    })

    it('a host deletes is not blocked by a page that keeps a key good, nor missed by it (rule 15)', async () => {
      const tab = await stage.open()
      await tab.run(() => void window.auth.subscribe(() => {}))
      const key = await keyIn(tab)
      const events = await tab.run(
        () =>
          new Promise<string[]>(resolve => {
            const seen: string[] = []
            const deletion = indexedDB.deleteDatabase('filerobot-widget-auth')
            deletion.onblocked = () => seen.push('blocked')
            deletion.onerror = () => resolve([...seen, 'error'])
            deletion.onsuccess = () => resolve([...seen, 'success'])
          }),
      )
      expect(events).toEqual(['success'])
      expect(await keyIn(tab)).toBe(key)
      expect(await tab.run(async () => (await window.auth.getKey({ forceRefresh: true })).value)).not.toBe(key)
      expect(await storageIn(tab)).toBe('indexeddb')
      expect(stage.keyRequests()).toBe(2)
    })
  })

  describe('a stored record', () => {
    it.each([
      ['nothing', null],
      ['a key that lives for ever', { key: 'SASS_abcdefgh', startedAtMs: 1, expiresAtMs: 9e15, generation: 0 }],
      ['of another schema', { key: ['SASS_abcdefgh'], generation: '1', starts: {}, blockedUntilMs: [9e15] }],
    ])('which is %s costs one key request, and is replaced (rule 6)', async (_, record) => {
      const tab = await stage.open()
      await keyIn(tab)
      await tab.run(replaceRecords, record)
      await tab.reload()
      const key = await keyIn(tab)
      expect(key).toMatch(/^SASS_[!-~]+$/)
      expect(key).not.toBe('SASS_abcdefgh')
      await tab.reload()
      expect(await keyIn(tab)).toBe(key)
      expect(stage.keyRequests()).toBe(2)
    })

    it('of another release is left alone (rule 15)', async () => {
      const tab = await stage.open()
      await keyIn(tab)
      await tab.run(addRecord, 'key/99/of-a-later-release')
      await tab.run(() => window.auth.clear())
      await keyIn(tab)
      expect(await tab.run(readRecords, 'getAllKeys')).toContain('key/99/of-a-later-release')
    })
  })
})
