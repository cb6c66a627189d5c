// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FILES, fakeService, json, openPage, refusal, TEMPLATE, TOKEN, tidyUp } from './fakes.ts'

afterEach(() => {
  for (const restore of restores.splice(0)) restore()
  tidyUp()
})

const restores: (() => void)[] = []
const touched: string[] = []
const BROWSER = [
  'indexedDB',
  'navigator',
  'BroadcastChannel',
  'addEventListener',
  'document',
  'window',
  'location',
  'localStorage',
  'self',
  'fetch',
]

/** Makes browser globals tell that they were touched, and be absent, as most are in Node. */
function trapGlobals(names: string[]): void {
  touched.length = 0
  for (const name of names) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name)
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => {
        touched.push(name)
        return undefined
      },
      set: value => {
        Object.defineProperty(globalThis, name, { configurable: true, writable: true, value })
      },
    })
    restores.push(() => {
      if (before) Object.defineProperty(globalThis, name, before)
      else Reflect.deleteProperty(globalThis, name)
    })
  }
}

describe('in Node (rule 18)', () => {
  it('importing touches no browser global and starts nothing', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    // Loaded before: what the test runner itself touches to load a file does not count.
    await import('../../src/index.ts')
    vi.resetModules()
    const loading = import('../../src/index.ts')
    trapGlobals(BROWSER)
    await loading
    expect(touched).toEqual([])
    expect(timers.mock.calls.filter(([, delayMs]) => (delayMs ?? 0) > 0)).toEqual([])
  })

  it('making an auth starts nothing', async () => {
    const { lib } = await openPage()
    trapGlobals(BROWSER)
    const auth = lib.createAuth({ token: TOKEN, templateId: TEMPLATE })
    auth.subscribe(() => {})()
    auth.dispose()
    expect(touched.filter(name => !['document', 'location'].includes(name))).toEqual([])
  })

  it('getKey and fetch work with memory storage, without lock or channel', async () => {
    const service = fakeService()
    service.answerApi = ({ headers }) =>
      headers.get('X-Filerobot-Key') === service.given[0] ? refusal('KEY_EXPIRED') : json({ status: 'success' })
    const { createAuth } = await openPage(service)
    trapGlobals(BROWSER.filter(name => name !== 'fetch'))
    const auth = createAuth()
    const [one, other] = await Promise.all([auth.getKey(), auth.getKey()])
    expect(one).toBe(other)
    await vi.waitFor(() => expect(auth.state).toMatchObject({ status: 'ready', storage: 'memory' }))
    expect((await auth.fetch(FILES)).status).toBe(200)
    await auth.clear()
    expect(auth.peek()).toBeUndefined()
    expect(service.asked).toHaveLength(2)
  })

  it('its timers do not keep the process alive', async () => {
    const unref = vi.fn<() => void>()
    const { createAuth } = await openPage()
    const real = setTimeout
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((task: () => void, delayMs: number) => {
      const timer = real(task, delayMs)
      const { unref: itsOwn } = timer
      timer.unref = () => {
        unref()
        return itsOwn.call(timer)
      }
      return timer
    }) as typeof setTimeout)
    const auth = createAuth({ storage: 'memory' })
    auth.subscribe(() => {})
    await auth.getKey()
    const started = vi.mocked(setTimeout).mock.calls.length
    expect(started).toBeGreaterThan(0)
    expect(unref).toHaveBeenCalledTimes(started)
  })
})
