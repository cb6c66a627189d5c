import { describe, expect, it } from 'vitest'
import type { Tab } from './drivers/browser.ts'
import { until } from './drivers/wait.ts'
import { inEachEngine, keyIn } from './harness.ts'
import { unseen } from './page/events.ts'
import { call } from './site.ts'

const withoutLocks = call(() => Object.defineProperty(navigator, 'locks', { value: undefined }))

/** All tabs have the same key. Where they do not, the message says where each of them keeps its records. */
async function expectOneKey(tabs: Tab[]): Promise<void> {
  const keys = await Promise.all(tabs.map(keyIn))
  const kinds = await Promise.all(tabs.map(tab => tab.run(() => window.auth.state.storage)))
  expect(new Set(keys).size, `keys of tabs that use ${kinds.join(', ')}`).toBe(1)
}

inEachEngine(stage => {
  describe('one key request', () => {
    it('is made by twenty tabs that are opened at once, and by a slow API too (rule 2)', async () => {
      stage.api.setFaults({ keyLatencyMs: 3000 })
      const tabs = await stage.openAtOnce(20)
      await expectOneKey(tabs)
      expect(stage.keyRequests()).toBe(1)

      stage.api.clearFaults()
      await tabs[0]!.run(() => window.auth.clear())
      await Promise.all(tabs.map(tab => tab.start(() => location.reload())))
      await Promise.all(tabs.map(tab => tab.loaded()))
      await expectOneKey(tabs)
      expect(stage.keyRequests()).toBe(2)
    })

    it('is made by five tabs at once where there are no locks: the ticket (rule 2)', async () => {
      stage.api.setFaults({ keyLatencyMs: 500 })
      const tabs = await stage.openAtOnce(5, { before: [withoutLocks] })
      expect(await tabs[0]!.run(() => String(navigator.locks))).toBe('undefined')
      expect(new Set(await Promise.all(tabs.map(keyIn))).size).toBe(1)
      expect(stage.keyRequests()).toBe(1)
    })

    it('serves a tab that is loaded ten times within a minute (rule 1)', async () => {
      const tab = await stage.open()
      const keys = new Set([await keyIn(tab)])
      for (let load = 0; load < 10; load++) {
        await tab.reload()
        keys.add(await keyIn(tab))
      }
      expect(keys.size).toBe(1)
      expect(stage.keyRequests()).toBe(1)
    })

    it('serves a hundred requests that are refused as expired at once (rule 12)', async () => {
      const tab = await stage.open()
      await keyIn(tab)
      stage.api.expireKeys()
      const statuses = await tab.run(async url => {
        const responses = await Promise.all(Array.from({ length: 100 }, () => window.auth.fetch(url)))
        return responses.map(({ status }) => status)
      }, stage.filesUrl())
      expect(statuses).toEqual(Array(100).fill(200))
      expect(stage.keyRequests()).toBe(2)
      expect(stage.api.log.some(({ kind, status }) => kind === 'list' && status === 403)).toBe(true)
    })
  })

  describe('word from another tab', () => {
    it.each([
      ['subscribed', true],
      ['only asked once', false],
    ])('that the key was cleared, or renewed, reaches one that %s (rule 16)', async (_, isSubscribed) => {
      const [telling, told] = [await stage.open(), await stage.open({}, { before: [unseen] })]
      if (isSubscribed) await told.run(() => void window.auth.subscribe(() => {}))
      const old = await keyIn(telling)
      expect(await keyIn(told)).toBe(old)

      await telling.run(() => window.auth.clear())
      await until('the key is forgotten', () =>
        told.run(() => !window.auth.peek() && window.auth.state.status === 'idle'),
      )
      expect(stage.keyRequests()).toBe(1)

      const renewed = await keyIn(telling)
      expect(renewed).not.toBe(old)
      // Nobody asks for it there: it is taken up on the word alone.
      await until('the new key', () => told.run(key => window.auth.peek()?.value === key, renewed))
      expect(stage.keyRequests()).toBe(2)
    })

    it('that the key was cleared throws the answer of a request away that is under way (rule 16)', async () => {
      const [asking, clearing] = [await stage.open(), await stage.open()]
      stage.api.setFaults({ holdAnswers: 'key' })
      const asked = keyIn(asking)
      await until('the request', () => stage.api.heldAnswers === 1)
      await clearing.run(() => window.auth.clear())
      stage.api.setFaults({ holdAnswers: 'none' })
      const key = await asked
      // The second was made for the new generation, and is everybody's.
      expect(stage.keyRequests()).toBe(2)
      expect(await keyIn(clearing)).toBe(key)
      expect(stage.keyRequests()).toBe(2)
    })
  })
})
