import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningEmulator, SEED, startEmulator } from '../../demo/emulator/index.ts'
import type { Auth, AuthOptions } from '../../src/index.ts'
import { launchBrowser, newPage, ready, type Site, serveSite, type TestBrowser, type Watch } from './harness.ts'

declare global {
  interface Window {
    auth: Auth
    puts: number
    /** The code of the error with which a promise was rejected, or what it was rejected with. */
    codeOf: (promise: Promise<unknown>) => Promise<string>
  }
}

const SECRET = '0123456789abcdef0123456789abcdef'

let browser: TestBrowser
let api: RunningEmulator
/** Somebody else's server. */
let other: RunningEmulator
let site: Site
let page: Page
let seen: Watch
let closePage: () => Promise<void>

beforeAll(async () => {
  const quiet = { drawAtStart: false }
  ;[api, other, site, browser] = await Promise.all([
    startEmulator(quiet),
    startEmulator(quiet),
    serveSite(),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser.close()
  await Promise.all([api.close(), other.close(), site.close()])
})
beforeEach(async () => {
  api.emulator.reset()
  other.emulator.reset()
  ;({ page, seen, close: closePage } = await newPage(browser))
})
afterEach(async () => {
  await closePage()
  expect(seen.errors).toEqual([])
})

const kinds = (kind: string) => api.emulator.log.filter(entry => entry.kind === kind)
const files = () => `${api.origin}/${SEED.token}/v4/files?folder=/inbox`

/** Opens the page with nothing but the library, and makes `window.auth`. */
async function open(more: Partial<AuthOptions> = {}): Promise<void> {
  await page.goto(`${site.origin}/test/blank.html`)
  await ready(page, 'lib')
  const options = { apiBase: api.origin, token: SEED.token, templateId: SEED.templateId, ...more }
  await page.evaluate(options => {
    window.auth = window.lib.createAuth(options)
    window.codeOf = promise =>
      promise.then(
        () => 'fulfilled',
        (error: unknown) => (window.lib.isAuthError(error) ? error.code : String(error)),
      )
  }, options)
}
const keyIn = (tab: Page) => tab.evaluate(async () => (await window.auth.getKey()).value)

describe('obtaining a key', () => {
  it('costs one request on the first page, without a preflight (rules 1 and 5)', async () => {
    await open()
    expect(await keyIn(page)).toMatch(/^SASS_/)
    expect(kinds('key').map(({ method, keyIn }) => [method, keyIn])).toEqual([['GET', 'none']])
    expect(kinds('preflight')).toEqual([])
    expect(await page.evaluate(() => window.auth.state)).toMatchObject({ status: 'ready', storage: 'indexeddb' })
  })

  it('costs one request and two writes for fifty callers (rule 1)', async () => {
    await open()
    const result = await page.evaluate(async () => {
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
    await open()
    const before = seen.requests.length
    const problems = await page.evaluate(
      ([secret, token, templateId]) =>
        [
          { token: secret!, templateId },
          { token: token!, templateId: secret },
          { token: token!, templateId: secret!.toUpperCase() },
        ].map(options => {
          try {
            window.lib.createAuth(options)
            return { code: 'taken', message: '' }
          } catch (error) {
            const { code, message } = error as { code: string; message: string }
            return { code, message }
          }
        }),
      [SECRET, SEED.token, SEED.templateId],
    )
    for (const { code, message } of problems) {
      expect(code).toBe('invalid_options')
      expect(message).toMatch(/secret key/i)
      expect(message.toLowerCase()).not.toContain(SECRET)
    }
    expect(seen.requests).toHaveLength(before)
    expect(kinds('key')).toEqual([])
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
    api.emulator.setFaults({ keyAnswer })
    await open({ timeoutMs: 1000 })
    expect(await page.evaluate(() => window.codeOf(window.auth.getKey({ maxWaitMs: 0 })))).toBe(code)
    const state = await page.evaluate(() => [window.auth.state.status, window.auth.state.error?.code])
    expect(state).toEqual(['error', code])
  })
})

describe('a request with the key', () => {
  it('to another origin is not sent at all (rule 11)', async () => {
    await open()
    const url = `${other.origin}/${SEED.token}/v4/files`
    const codes = await page.evaluate(
      url => Promise.all([window.codeOf(window.auth.fetch(url)), window.codeOf(window.auth.sign(url))]),
      url,
    )
    expect(codes).toEqual(['origin_not_allowed', 'origin_not_allowed'])
    expect(other.emulator.log).toEqual([])
    expect(seen.requests.filter(request => request.url().startsWith(other.origin))).toEqual([])
  })

  it('is not carried on by a redirect to another origin (rule 11)', async () => {
    api.emulator.setFaults({ apiAnswer: 'redirect', redirectTo: `${other.origin}/stolen` })
    await open()
    const outcomes = await page.evaluate(
      async url => [
        await window.codeOf(window.auth.fetch(url)),
        await window.codeOf(window.auth.fetch(url, { redirect: 'follow' })),
        await window.codeOf(window.auth.sign(url).then(request => fetch(request))),
      ],
      files(),
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
      api.emulator.setFaults({ expiredStatus: status, invalidStatus: status })
      await open()
      await keyIn(page)
      const list = () => page.evaluate(async url => (await (await window.auth.fetch(url)).json()) as object, files())
      api.emulator.expireKeys()
      expect(await list()).toMatchObject({ status: 'success' })
      expect(kinds('list').map(entry => entry.status)).toEqual([status, 200])
      api.emulator.revokeKeys()
      expect(await list()).toMatchObject({ status: 'success' })
      expect(kinds('list').map(entry => entry.status)).toEqual([status, 200, status, 200])
      expect(kinds('key')).toHaveLength(3)
    },
  )

  it('that uploads a form is sent once more, whole (rule 12)', async () => {
    await open()
    await keyIn(page)
    api.emulator.expireKeys()
    const status = await page.evaluate(async url => {
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(100_000).fill(7)], { type: 'image/png' }), 'seven.png')
      return (await window.auth.fetch(url, { method: 'POST', body: form })).status
    }, files())
    expect(status).toBe(200)
    expect(kinds('upload').map(entry => entry.status)).toEqual([403, 200])
    expect(api.emulator.files('/inbox')).toMatchObject([{ path: '/inbox/seven.png', sizeBytes: 100_000 }])
  })

  it('is answered as the service answers: a large JSON stays whole and unread (rule 12)', async () => {
    await open()
    const result = await page.evaluate(async () => {
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
    await open()
    const text = await page.evaluate(async url => {
      await window.auth.fetch(url)
      const { state } = window.auth
      return JSON.stringify([state, Object.entries(state), Object.keys(state.key ?? {})])
    }, files())
    expect(text).toContain('ready')
    expect(text).not.toContain('SASS_')
    expect(seen.requests.map(request => request.url()).join()).not.toContain('SASS_')
  })
})
