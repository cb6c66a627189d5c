import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import { ready } from '../harness.ts'
import { hostedAt } from './site.ts'
import { openStage, privatePhoto, register, type Stage, show } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

/** Tries to register, and returns how that was refused; nothing may be left of it. */
async function refusal(page: Page, script: string, more: object = {}): Promise<string> {
  const [told, count] = await page.evaluate(
    async ([script, options]) => [
      await window.signing.refusalOf(window.signing.registerServiceWorker(script, options)),
      (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
    ],
    [script, { ...stage.options, ...more }] as const,
  )
  expect(count).toBe(0)
  return told
}

describe('what does not fit is refused with a clear error, and nothing is registered', () => {
  it.each([
    [
      'a script on another origin',
      'https://cdn.example.com/worker.js',
      {},
      /scriptUrl: .*own origin, http:\/\/localhost/,
    ],
    ['a script that is not there', '/missing.js', {}, /scriptUrl: \/missing\.js was answered with 404/],
    ['a page in place of the script', '/html.js', {}, /scriptUrl: .*text\/javascript, and is "text\/html/],
    ['a script that is redirected', '/moved.js', {}, /scriptUrl: .*redirected/],
    ['a script that throws', '/broken.js', {}, /scriptUrl: this browser refuses/],
    ['a script URL that is none', 'http://', {}, /scriptUrl: must be a URL/],
    ['a scope on another origin', hostedAt, { scope: 'https://example.com/' }, /scope: .*own origin/],
    ['a scope without this page', hostedAt, { scope: '/other/' }, /scope: \/other\/ does not hold this page, \/test\//],
    [
      'a script whose folder does not hold this page',
      '/deep/down/worker.js',
      {},
      /scope: \/deep\/down\/ does not hold/,
    ],
    [
      'a scope that is too wide for the script',
      '/deep/down/worker.js',
      { scope: '/' },
      /scope: \/ is more than a file in \/deep\/down\/ may serve: .*Service-Worker-Allowed: \//,
    ],
    ['a function for keys', hostedAt, { storage: 'memory' }, /storage: cannot reach a worker.*handleFetch/],
    ['a wrong token', hostedAt, { token: 'a b' }, /token: expected a project token/],
    ['a secret key', hostedAt, { token: SEED.secretKey }, /token: .*secret key/],
    ['configuration of another identity', `${hostedAt}?token=another`, {}, /scriptUrl: .*token differs/],
  ])('%s', async (_, script, more, expected) => {
    const { page, seen, close } = await stage.open()
    const told = await refusal(page, script, more)
    expect(told).toMatch(/^invalid_options: /)
    expect(told).toMatch(expected)
    expect(told).not.toContain(SEED.secretKey)
    expect(stage.keyRequests()).toBe(0)
    expect(seen.errors.filter(error => !error.includes('broken'))).toEqual([])
    await close()
  })

  it('a script that the server fails to give: by its status', async () => {
    const { page, close } = await stage.open()
    expect(await refusal(page, '/failing.js')).toMatch(/^server: .*503/)
    await close()
  })

  it('functions and stores, which no URL can hold', async () => {
    const { page, close } = await stage.open()
    const told = await page.evaluate(
      ([script, options]) =>
        Promise.all(
          [
            { requestKey: async () => 'SASS_own' },
            { fetch },
            { storage: { get: async () => undefined, update: async () => {} } },
          ].map(wrong => {
            const all = { ...options, ...wrong } as typeof options
            return window.signing.refusalOf(window.signing.registerServiceWorker(script, all))
          }),
        ),
      [hostedAt, stage.options] as const,
    )
    expect(told).toEqual(
      ['requestKey', 'fetch', 'storage'].map(option =>
        expect.stringMatching(`^invalid_options: ${option}: cannot reach`),
      ),
    )
    await close()
  })

  it('a page without service workers: an insecure one', async () => {
    const { page, context, close } = await stage.open()
    // As on a page that came by http from elsewhere.
    await context.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined })
      Object.defineProperty(globalThis, 'isSecureContext', { value: false })
    })
    await page.reload()
    await ready(page, 'signing')
    expect(await refusal(page, hostedAt)).toBe(
      'invalid_options: serviceWorker: not to be had here: the page must come by https',
    )
    await close()
  })

  it('a page whose policy forbids workers', async () => {
    const { page, close } = await stage.open('/workerless.html')
    expect(await refusal(page, hostedAt)).toMatch(/invalid_options: scriptUrl: .*worker-src/)
    await close()
  })
})

describe('a scope', () => {
  it("may be wider than the script's folder where the server allows it", async () => {
    const { page, close } = await stage.open()
    await register(page, { ...stage.options, scope: '/' }, '/allowed/worker.js')
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    await close()
  })
})

describe('Trusted Types', () => {
  it('take what a policy has made of serviceWorkerUrl, and refuse a string with a clear error', async () => {
    const { page, close } = await stage.open('/trusted.html')
    expect(await refusal(page, hostedAt)).toMatch(/invalid_options: scriptUrl: .*Trusted Types/)
    await page.evaluate(
      async ([script, options]) => {
        const { registerServiceWorker, serviceWorkerUrl } = window.signing
        const policy = window.trustedTypes.createPolicy('filerobot', { createScriptURL: url => url })
        await registerServiceWorker(policy.createScriptURL(serviceWorkerUrl(script, options)), options)
      },
      [hostedAt, stage.options] as const,
    )
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    await close()
  })

  it('are refused where the URL lacks the options, or holds other ones', async () => {
    const { page, close } = await stage.open('/trusted.html')
    const told = await page.evaluate(
      async ([script, options]) => {
        const { registerServiceWorker, serviceWorkerUrl, refusalOf } = window.signing
        const policy = window.trustedTypes.createPolicy('filerobot', { createScriptURL: url => url })
        const other = serviceWorkerUrl(script, { ...options, cacheScope: 'ada' })
        return [
          await refusalOf(registerServiceWorker(policy.createScriptURL(script), options)),
          await refusalOf(registerServiceWorker(policy.createScriptURL(other), options)),
        ]
      },
      [hostedAt, stage.options] as const,
    )
    expect(told).toEqual([
      expect.stringMatching(/^invalid_options: scriptUrl: .*serviceWorkerUrl .*token differs/),
      expect.stringMatching(/^invalid_options: scriptUrl: .*cacheScope differs/),
    ])
    await close()
  })
})

describe('a page without a bundler', () => {
  it('has the call in the same file, by a script tag', async () => {
    const { page, seen, close } = await stage.open()
    await page.goto(`${stage.site.origin}/tags.html?token=of+the+page`)
    const width = await page.evaluate(
      async ([script, options, photo]) => {
        const { FilerobotAuthWorker } = window as unknown as { FilerobotAuthWorker: Window['signing'] }
        await FilerobotAuthWorker.registerServiceWorker(script, options)
        const image = new Image()
        image.src = photo
        await image.decode()
        return image.naturalWidth
      },
      [hostedAt, stage.options, stage.photo(privatePhoto)] as const,
    )
    expect(width).toBeGreaterThan(100)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a worker of the site’s own', () => {
  it('signs by handleFetch, and answers the rest itself', async () => {
    const { page, close } = await stage.open()
    await page.evaluate(async options => {
      const taken = new Promise(resolve => navigator.serviceWorker.addEventListener('controllerchange', resolve))
      await navigator.serviceWorker.register(`/own.js?options=${encodeURIComponent(JSON.stringify(options))}`, {
        scope: '/',
      })
      await taken
    }, stage.options)
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    expect(await page.evaluate(async () => (await fetch('/of-the-site')).text())).toBe('from the own worker')
    // The same options make the same key.
    await page.evaluate(async options => void (await window.signing.createAuth(options).getKey()), stage.options)
    expect(stage.keyRequests()).toBe(1)
    await close()
  })
})
