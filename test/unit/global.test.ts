import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilerobotAuthGlobal } from '../../src/global.ts'
import type { Auth } from '../../src/index.ts'
import { fakeService, OTHER_TEMPLATE, SECRET, TEMPLATE, TOKEN, tidyUp } from './fakes.ts'

type Call = (api: FilerobotAuthGlobal) => void
const page = globalThis as unknown as { FilerobotAuth?: FilerobotAuthGlobal | Call[] | Element | undefined }
const keyUrl = (templateId: string, token = TOKEN) => `https://api.filerobot.com/${token}/key/${templateId}`
const askedUrls = () => service.asked.map(({ url }) => url)
let made: Auth[] = []
let service = fakeService()
let events: CustomEvent[] = []
const keep = (event: Event) => events.push(event as CustomEvent)
const types = ['ready', 'change', 'error'].map(type => `filerobot-auth:${type}`)

beforeEach(() => {
  service = fakeService()
  vi.stubGlobal('fetch', service.fetch)
  events = []
  for (const type of types) document.addEventListener(type, keep)
})
afterEach(() => {
  for (const auth of made) auth.dispose()
  made = []
  delete page.FilerobotAuth
  Reflect.deleteProperty(document, 'prerendering')
  document.head.innerHTML = document.body.innerHTML = ''
  for (const type of types) document.removeEventListener(type, keep)
  tidyUp()
})

function addTag(attributes: Record<string, string>): void {
  const script = document.createElement('script')
  script.type = 'text/plain'
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(`data-${name}`, value)
  document.head.append(script)
}

/** Runs the script-tag file in a page that holds these tags. */
async function runWith(...tags: Record<string, string>[]): Promise<FilerobotAuthGlobal> {
  tags.forEach(addTag)
  vi.resetModules()
  await import('../../src/global.ts')
  const api = page.FilerobotAuth as FilerobotAuthGlobal
  const { template = '' } = tags.at(-1) ?? {}
  made.push(...[api.auth, api.get(template)].filter(auth => auth !== undefined))
  return api
}

/** Until everything that was under way is over. */
const settled = () => new Promise(resolve => setTimeout(resolve))
const named = (type: string) => events.filter(event => event.type === `filerobot-auth:${type}`)

describe('the script tag', () => {
  it('gets a key by itself, tells the page, and has everything in one global', async () => {
    const before = Object.keys(globalThis)
    const { auth, ready, ...rest } = await runWith({ token: TOKEN, template: TEMPLATE })
    const key = await ready
    expect(key.value).toBe(service.given[0])
    expect(service.asked.map(({ url }) => url)).toEqual([`https://api.filerobot.com/${TOKEN}/key/${TEMPLATE}`])
    expect(auth?.peek()).toBe(key)
    expect(Object.keys(rest).sort()).toEqual([
      'AuthError',
      'connectImageEditor',
      'connectSpin',
      'connectUploader',
      'createAuth',
      'decodeAccessKey',
      'get',
      'isAuthError',
      'push',
      'uploaderHeaders',
    ])
    expect(Object.keys(globalThis).filter(name => !before.includes(name))).toEqual(['FilerobotAuth'])
    expect(named('ready').map(({ detail }) => detail)).toEqual([{ token: TOKEN, templateId: TEMPLATE, auth }])
  })

  it('says nothing of the value of the key in its events (rule 14)', async () => {
    const { ready } = await runWith({ token: TOKEN, template: TEMPLATE })
    const { value } = await ready
    await vi.waitFor(() => expect(named('change').map(({ detail }) => detail.status)).toContain('ready'))
    expect(JSON.stringify(events.map(({ detail }) => detail))).not.toContain(value)
  })

  it('takes its API from data-api-base', async () => {
    const { ready } = await runWith({ token: TOKEN, template: TEMPLATE, 'api-base': 'http://localhost:8787/' })
    await ready
    expect(service.asked[0]?.url).toBe(`http://localhost:8787/${TOKEN}/key/${TEMPLATE}`)
  })

  it('finds its attributes although an element of the page is called currentScript', async () => {
    document.body.innerHTML = '<img name="currentScript">'
    const { ready } = await runWith({ token: TOKEN, template: TEMPLATE })
    expect((await ready).value).toBe(service.given[0])
  })

  it('resolves with the first key however late, and tells of the failures before it', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    const { answerKey } = service
    service.answerKey = () => new Response('down', { status: 503 })
    const { auth, ready } = await runWith({ token: TOKEN, template: TEMPLATE })
    await vi.advanceTimersByTimeAsync(0)
    await vi.waitFor(() => expect(auth?.state.status).toBe('error'))
    expect(named('error')[0]?.detail).toMatchObject({ token: TOKEN, error: { code: 'server', status: 503 } })
    service.answerKey = answerKey
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await ready).value).toBe(service.given[0])
    expect(named('ready')).toHaveLength(1)
  })

  it.each([
    [{ token: '', template: TEMPLATE }, 'token'],
    [{ token: TOKEN, template: 'SECU_1' }, 'templateId'],
    [{ token: TOKEN, template: SECRET }, 'templateId'],
    [{ token: TOKEN, template: TEMPLATE, 'api-base': 'http://api.example' }, 'apiBase'],
  ])(
    'does not break its page for the attributes %j: the console, an event and ready say what is wrong',
    async (attributes, option) => {
      const report = vi.spyOn(console, 'error').mockImplementation(() => {})
      const { auth, ready } = await runWith(attributes)
      expect(auth).toBeUndefined()
      await expect(ready).rejects.toMatchObject({ code: 'invalid_options', message: expect.stringContaining(option) })
      expect(report).toHaveBeenCalledOnce()
      expect(report.mock.calls.join()).toContain(option)
      expect(report.mock.calls.join()).not.toContain(SECRET)
      expect(named('error').map(({ detail }) => detail.error.code)).toEqual(['invalid_options'])
      expect(service.asked).toHaveLength(0)
    },
  )
})

describe('several script tags', () => {
  const shop = { token: 'shop', template: OTHER_TEMPLATE }

  it('have an auth each, by their templates; the first is also `auth`', async () => {
    const { auth, get, ready } = await runWith({ token: TOKEN, template: TEMPLATE }, shop)
    const [key, shopKey] = [await ready, await get(OTHER_TEMPLATE)!.getKey()]
    expect(askedUrls()).toEqual([keyUrl(TEMPLATE), keyUrl(OTHER_TEMPLATE, 'shop')])
    expect(get(TEMPLATE)).toBe(auth)
    expect(auth!.peek()).toBe(key)
    expect(get(OTHER_TEMPLATE)!.peek()).toBe(shopKey)
    expect(get('SECU_of_nobody')).toBeUndefined()
    expect(named('ready').map(({ detail }) => [detail.token, detail.templateId, detail.auth])).toEqual([
      [TOKEN, TEMPLATE, auth],
      ['shop', OTHER_TEMPLATE, get(OTHER_TEMPLATE)],
    ])
  })

  it('that say the same are one: one request, each event once', async () => {
    const { ready } = await runWith({ token: TOKEN, template: TEMPLATE }, { token: TOKEN, template: TEMPLATE })
    await ready
    expect(service.asked).toHaveLength(1)
    expect(named('ready')).toHaveLength(1)
  })

  it('may load the file once each: the first one serves all', async () => {
    const first = await runWith({ token: TOKEN, template: TEMPLATE })
    const { auth, ready } = first
    const second = await runWith(shop)
    expect(second).toBe(first)
    expect(second.auth).toBe(auth)
    await Promise.all([ready, second.get(OTHER_TEMPLATE)!.getKey()])
    await runWith()
    expect(askedUrls()).toEqual([keyUrl(TEMPLATE), keyUrl(OTHER_TEMPLATE, 'shop')])
    expect(named('ready')).toHaveLength(2)
  })

  it('are all read when the document is complete, though a module of one address runs once', async () => {
    const { get } = await runWith({ token: TOKEN, template: TEMPLATE })
    addTag(shop)
    expect(get(OTHER_TEMPLATE)).toBeUndefined()
    document.dispatchEvent(new Event('DOMContentLoaded'))
    made.push(get(OTHER_TEMPLATE)!)
    await get(OTHER_TEMPLATE)!.getKey()
    expect(askedUrls()).toContain(keyUrl(OTHER_TEMPLATE, 'shop'))
  })

  it('do not disturb each other: a wrong one says so, and the others work', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { ready, get } = await runWith({ token: TOKEN, template: TEMPLATE }, { token: 'shop', template: 'SECU_1' })
    await ready
    expect(report.mock.calls.join()).toContain('templateId')
    expect(named('error').map(({ detail }) => [detail.token, detail.error.code])).toEqual([['shop', 'invalid_options']])
    expect(get('SECU_1')).toBeUndefined()
  })

  it('may come later: until then there is no auth, `ready` waits, and nothing is asked', async () => {
    const report = vi.spyOn(console, 'error')
    const api = await runWith()
    const { ready } = api
    expect(api.auth).toBeUndefined()
    addTag({ token: TOKEN, template: TEMPLATE })
    api.push()
    made.push(api.auth!)
    expect((await ready).value).toBe(service.given[0])
    expect(report).not.toHaveBeenCalled()
  })
})

describe('the queue of a script tag', () => {
  it('calls what was pushed before the file was loaded, in order, and later what is pushed then', async () => {
    const calls: [string, FilerobotAuthGlobal][] = []
    page.FilerobotAuth = [api => calls.push(['first', api]), api => calls.push(['second', api])]
    const api = await runWith({ token: TOKEN, template: TEMPLATE })
    expect(api.auth).toBeDefined()
    api.push(given => calls.push(['third', given]))
    expect(calls.map(([name]) => name)).toEqual(['first', 'second', 'third'])
    expect(calls.every(([, given]) => given === api)).toBe(true)
  })

  it('calls the others too when one throws, and reports it', async () => {
    const report = vi.fn<typeof reportError>()
    vi.stubGlobal('reportError', report)
    const mistake = new Error('of the page')
    const called = vi.fn<Call>()
    page.FilerobotAuth = [
      () => {
        throw mistake
      },
      called,
    ]
    await runWith({ token: TOKEN, template: TEMPLATE })
    expect(report.mock.calls).toEqual([[mistake]])
    expect(called).toHaveBeenCalledOnce()
  })

  it('is called also where the attributes are wrong', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const called = vi.fn<Call>()
    page.FilerobotAuth = [called]
    const { ready } = await runWith({ token: TOKEN, template: 'SECU_1' })
    expect(called).toHaveBeenCalledOnce()
    await expect(ready).rejects.toMatchObject({ code: 'invalid_options' })
  })

  it('gives way to the library where an element of the page has its name', async () => {
    page.FilerobotAuth = document.createElement('div')
    const { ready } = await runWith({ token: TOKEN, template: TEMPLATE })
    expect((await ready).value).toBe(service.given[0])
  })
})

describe('a script tag with data-lazy', () => {
  // Not empty, as it is in a page: the `dataset` of happy-dom does not list an empty attribute.
  const lazy = { token: TOKEN, template: TEMPLATE, lazy: 'lazy' }

  it('asks for nothing before somebody wants a key, and then tells the page', async () => {
    const { auth } = await runWith(lazy)
    await settled()
    expect(service.asked).toHaveLength(0)
    expect(events).toEqual([])
    await auth!.getKey()
    await vi.waitFor(() => expect(named('ready').map(({ detail }) => detail.auth)).toEqual([auth]))
    expect(named('change').map(({ detail }) => detail.status)).toEqual(['ready'])
    expect(service.asked).toHaveLength(1)
  })

  it('begins when somebody asks for `ready`', async () => {
    const api = await runWith(lazy)
    expect((await api.ready).value).toBe(service.given[0])
  })

  it('tells the page of a first use that failed', async () => {
    service.answerKey = () => new Response('down', { status: 503 })
    const { auth } = await runWith(lazy)
    await expect(auth!.getKey({ maxWaitMs: 0 })).rejects.toMatchObject({ code: 'server' })
    await vi.waitFor(() => expect(named('error').map(({ detail }) => detail.error.code)).toContain('server'))
  })

  it('is told of a key that another auth of the page has', async () => {
    const { auth, createAuth } = await runWith(lazy)
    const other = createAuth({ token: TOKEN, templateId: TEMPLATE })
    made.push(other)
    await other.getKey()
    await vi.waitFor(() => expect(named('ready').map(({ detail }) => detail.auth)).toEqual([auth]))
  })
})

describe('a script tag in a prerendered page', () => {
  const show = () => {
    Object.defineProperty(document, 'prerendering', { value: false, configurable: true })
    document.dispatchEvent(new Event('prerenderingchange'))
  }
  beforeEach(() => Object.defineProperty(document, 'prerendering', { value: true, configurable: true }))

  it('asks for nothing before the page is shown', async () => {
    const { auth } = await runWith({ token: TOKEN, template: TEMPLATE })
    await settled()
    expect(service.asked).toHaveLength(0)
    show()
    await vi.waitFor(() => expect(auth!.state.status).toBe('ready'))
    expect(service.asked).toHaveLength(1)
    expect(named('ready')).toHaveLength(1)
  })

  it('waits also where somebody asks for `ready`', async () => {
    const api = await runWith({ token: TOKEN, template: TEMPLATE, lazy: 'lazy' })
    const { ready } = api
    await settled()
    expect(service.asked).toHaveLength(0)
    show()
    expect((await ready).value).toBe(service.given[0])
  })

  it('with data-lazy asks for nothing when the page is shown either', async () => {
    await runWith({ token: TOKEN, template: TEMPLATE, lazy: 'lazy' })
    show()
    await settled()
    expect(service.asked).toHaveLength(0)
  })
})

describe('the other attributes of a script tag', () => {
  const files = 'https://images.example/x.png'

  it('take a key from an endpoint of the site, keep it in memory, and list where else it may go', async () => {
    const databases = vi.spyOn(indexedDB, 'open')
    const { auth, get } = await runWith({
      token: TOKEN,
      'key-url': '/key',
      storage: 'memory',
      'allowed-origins': ' https://images.example,\n https://more.example ',
    })
    expect((await auth!.sign(files)).headers.get('X-Filerobot-Key')).toBe(service.given[0])
    await auth!.sign('https://more.example/')
    expect(askedUrls()).toEqual([new URL('/key', document.baseURI).href])
    expect(auth!.state.storage).toBe('memory')
    expect(databases).not.toHaveBeenCalled()
    expect(get(TEMPLATE)).toBeUndefined()
  })

  it('list no other origin where data-allowed-origins is empty', async () => {
    const { auth } = await runWith({ token: TOKEN, template: TEMPLATE, 'allowed-origins': '' })
    await expect(auth!.sign(files)).rejects.toMatchObject({ code: 'origin_not_allowed' })
  })

  it.each([
    ['key-url', 'ftp://example.com/key', 'keyUrl'],
    ['allowed-origins', 'https://*.example', 'allowedOrigins'],
    ['storage', 'localstorage', 'storage'],
  ])('say what is wrong with %s="%s"', async (name, value, option) => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { ready } = await runWith({ token: TOKEN, template: TEMPLATE, [name]: value })
    await expect(ready).rejects.toMatchObject({ code: 'invalid_options', message: expect.stringContaining(option) })
    expect(report.mock.calls.join()).toContain(option)
  })
})
