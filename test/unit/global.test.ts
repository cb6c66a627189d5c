import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilerobotAuthGlobal } from '../../src/global.ts'
import { fakeService, SECRET, TEMPLATE, TOKEN, tidyUp } from './fakes.ts'

const page = globalThis as unknown as { FilerobotAuth?: FilerobotAuthGlobal }
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
  page.FilerobotAuth?.auth?.dispose()
  delete page.FilerobotAuth
  document.head.innerHTML = document.body.innerHTML = ''
  for (const type of types) document.removeEventListener(type, keep)
  tidyUp()
})

/** Runs the script-tag file in a page that holds these tags. */
async function runWith(...tags: Record<string, string>[]): Promise<FilerobotAuthGlobal> {
  for (const attributes of tags) {
    const script = document.createElement('script')
    script.type = 'text/plain'
    for (const [name, value] of Object.entries(attributes)) script.setAttribute(`data-${name}`, value)
    document.head.append(script)
  }
  vi.resetModules()
  await import('../../src/global.ts')
  return page.FilerobotAuth!
}
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
      'isAuthError',
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
