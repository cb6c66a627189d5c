import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningEmulator, SEED, startEmulator } from '../../demo/emulator/index.ts'
import type { AuthOptions } from '../../src/index.ts'
import type { Tab } from './drivers/browser.ts'
import { inEachEngine, keyIn } from './harness.ts'

declare global {
  interface Window {
    /** The code of the error with which a promise was rejected, or what it was rejected with. */
    codeOf: (promise: Promise<unknown>) => Promise<string>
  }
}

const SECRET = '0123456789abcdef0123456789abcdef'

/** Runs in a page. */
function addCodeOf(): void {
  window.codeOf = promise =>
    promise.then(
      () => 'fulfilled',
      (error: unknown) => (window.lib.isAuthError(error) ? error.code : String(error)),
    )
}

/** What a page asked anybody for. */
const requested = (tab: Tab) => tab.run(() => performance.getEntriesByType('resource').map(({ name }) => name))

inEachEngine(stage => {
  /** Somebody else's server. */
  let other: RunningEmulator
  beforeAll(async () => {
    other = await startEmulator({ drawAtStart: false })
  })
  afterAll(() => other.close())
  beforeEach(() => other.emulator.reset())

  const kinds = (kind: string) => stage.api.log.filter(entry => entry.kind === kind)
  const open = async (options?: Pick<AuthOptions, 'timeoutMs'>) => {
    const tab = await stage.open(options)
    await tab.run(addCodeOf)
    return tab
  }

  describe('obtaining a key', () => {
    it('costs one request on the first page, without a preflight (rules 1 and 5)', async () => {
      const tab = await open()
      expect(await keyIn(tab)).toMatch(/^SASS_/)
      expect(kinds('key').map(({ method, keyIn }) => [method, keyIn])).toEqual([['GET', 'none']])
      expect(kinds('preflight')).toEqual([])
      expect(await tab.run(() => window.auth.state)).toMatchObject({ status: 'ready', storage: 'indexeddb' })
    })

    it('costs one request and two writes for fifty callers (rule 1)', async () => {
      const tab = await open()
      const result = await tab.run(async () => {
        const { put } = IDBObjectStore.prototype
        let puts = 0
        IDBObjectStore.prototype.put = function (...args) {
          puts++
          return put.apply(this, args)
        }
        const keys = await Promise.all(Array.from({ length: 50 }, () => window.auth.getKey()))
        return { keys: new Set(keys).size, puts }
      })
      expect(result.keys).toBe(1)
      expect(result.puts).toBeGreaterThan(0)
      expect(result.puts).toBeLessThanOrEqual(2)
      expect(kinds('key')).toHaveLength(1)
    })

    it('is refused for a secret key, before any request (rule 13)', async () => {
      const tab = await open()
      const before = await requested(tab)
      const problems = await tab.run(
        (secret, token, templateId) =>
          [
            { token: secret, templateId },
            { token, templateId: secret },
            { token, templateId: secret.toUpperCase() },
          ].map(options => {
            try {
              window.lib.createAuth(options)
              return { code: 'taken', message: '' }
            } catch (error) {
              const { code, message } = error as { code: string; message: string }
              return { code, message }
            }
          }),
        SECRET,
        SEED.token,
        SEED.templateId,
      )
      for (const { code, message } of problems) {
        expect(code).toBe('invalid_options')
        expect(message).toMatch(/secret key/i)
        expect(message.toLowerCase()).not.toContain(SECRET)
      }
      expect(await requested(tab)).toEqual(before)
      expect(stage.api.log).toEqual([])
    })
  })

  describe('a service that is not well', () => {
    it.each([
      ['html', 'malformed_response'],
      ['empty', 'malformed_response'],
      ['huge', 'malformed_response'],
      ['no_key', 'malformed_response'],
      ['wrong_prefix', 'malformed_response'],
      ['server_error', 'server'],
      ['drop', 'network'],
      ['hang', 'timeout'],
      ['too_many', 'rate_limited'],
      ['template_rejected', 'template_rejected'],
    ] as const)('that answers with %s makes the error %s', async (keyAnswer, code) => {
      stage.api.setFaults({ keyAnswer })
      // The others are waited for, as long as a busy machine takes.
      const tab = await open(keyAnswer === 'hang' ? { timeoutMs: 1000 } : {})
      expect(await tab.run(() => window.codeOf(window.auth.getKey({ maxWaitMs: 0 })))).toBe(code)
      const state = await tab.run(() => [window.auth.state.status, window.auth.state.error?.code])
      expect(state).toEqual(['error', code])
    })
  })

  describe('a request with the key', () => {
    it('to another origin is not sent at all (rule 11)', async () => {
      const tab = await open()
      const codes = await tab.run(
        url => Promise.all([window.codeOf(window.auth.fetch(url)), window.codeOf(window.auth.sign(url))]),
        `${other.origin}/${SEED.token}/v4/files`,
      )
      expect(codes).toEqual(['origin_not_allowed', 'origin_not_allowed'])
      expect(other.emulator.log).toEqual([])
      expect((await requested(tab)).filter(url => url.startsWith(other.origin))).toEqual([])
    })

    it('is not carried on by a redirect to another origin (rule 11)', async () => {
      stage.api.setFaults({ apiAnswer: 'redirect', redirectTo: `${other.origin}/stolen` })
      const tab = await open()
      const outcomes = await tab.run(
        async url => [
          await window.codeOf(window.auth.fetch(url)),
          await window.codeOf(window.auth.fetch(url, { redirect: 'follow' })),
          await window.codeOf(window.auth.sign(url).then(request => fetch(request))),
        ],
        stage.filesUrl(),
      )
      expect(outcomes.slice(0, 2)).toEqual(['origin_not_allowed', 'origin_not_allowed'])
      expect(outcomes[2]).toMatch(/^TypeError/)
      expect(kinds('list').map(({ status, keyIn }) => [status, keyIn])).toEqual([
        [302, 'header'],
        [302, 'header'],
        [302, 'header'],
      ])
      expect(other.emulator.log).toEqual([])
    })

    it.each([401, 403, 400, 200] as const)(
      'that is refused with %i is sent once more, with a new key (rule 12)',
      async status => {
        stage.api.setFaults({ expiredStatus: status, invalidStatus: status })
        const tab = await open()
        await keyIn(tab)
        const list = () =>
          tab.run(async url => (await (await window.auth.fetch(url)).json()) as object, stage.filesUrl())
        stage.api.expireKeys()
        expect(await list()).toMatchObject({ status: 'success' })
        expect(kinds('list').map(entry => entry.status)).toEqual([status, 200])
        stage.api.revokeKeys()
        expect(await list()).toMatchObject({ status: 'success' })
        expect(kinds('list').map(entry => entry.status)).toEqual([status, 200, status, 200])
        expect(kinds('key')).toHaveLength(3)
      },
    )

    it('that uploads a form is sent once more, whole (rule 12)', async () => {
      const tab = await open()
      await keyIn(tab)
      stage.api.expireKeys()
      const status = await tab.run(async url => {
        const form = new FormData()
        form.append('file', new Blob([new Uint8Array(100_000).fill(7)], { type: 'image/png' }), 'seven.png')
        return (await window.auth.fetch(url, { method: 'POST', body: form })).status
      }, stage.filesUrl())
      expect(status).toBe(200)
      expect(kinds('upload').map(entry => entry.status)).toEqual([403, 200])
      expect(stage.api.files('/inbox')).toMatchObject([{ path: '/inbox/seven.png', sizeBytes: 100_000 }])
    })

    it('is answered as the service answers: a large JSON stays whole and unread (rule 12)', async () => {
      const tab = await open()
      const result = await tab.run(async () => {
        const { auth, lib } = window
        const text = JSON.stringify({ status: 'success', files: 'x'.repeat(300_000) })
        const big = lib.createAuth({
          token: 'big',
          keyUrl: '/key',
          // The same engine, without a server.
          fetch: async input =>
            input instanceof Request
              ? new Response(text, { headers: { 'Content-Type': 'application/json' } })
              : Response.json({ status: 'success', key: 'SASS_big_one' }),
        })
        const response = await big.fetch('https://api.filerobot.com/big/v4/files')
        const { bodyUsed } = response
        auth.dispose()
        return { bodyUsed, isWhole: (await response.text()) === text }
      })
      expect(result).toEqual({ bodyUsed: false, isWhole: true })
    })

    it('leaves the key in no URL and in no text of the state (rule 14)', async () => {
      const tab = await open()
      const text = await tab.run(async url => {
        await window.auth.fetch(url)
        const { state } = window.auth
        return JSON.stringify([state, Object.entries(state), Object.keys(state.key ?? {})])
      }, stage.filesUrl())
      expect(text).toContain('ready')
      expect(text).not.toContain('SASS_')
      const urls = await requested(tab)
      expect(urls).toContain(stage.filesUrl())
      expect(urls.join()).not.toContain('SASS_')
    })
  })
})
