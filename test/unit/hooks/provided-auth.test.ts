import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ConnectableAuth } from '../../../src/connectable.ts'
import { provideAuth } from '../../../src/hooks/provided-auth.ts'
import { type AuthOptions, type AuthState, createAuth } from '../../../src/index.ts'
import { FILES, failureOf, fakeService, TEMPLATE, tidyUp } from '../fakes.ts'

let made = 0
function provided(more: Partial<AuthOptions> = {}) {
  const service = fakeService()
  const events: string[] = []
  const options: AuthOptions = {
    token: `provided-${++made}`,
    templateId: TEMPLATE,
    storage: 'memory',
    fetch: service.fetch,
    onEvent: ({ type }) => events.push(type),
    ...more,
  }
  const { auth, ...life } = provideAuth(options)
  return { ...life, auth: auth as ConnectableAuth, service, events }
}
/** As long as a microtask: what StrictMode's double mount fits into. */
const turn = () => Promise.resolve()

afterEach(tidyUp)

describe('an auth that lives as long as a component', () => {
  it('is one like any other', async () => {
    const { auth, mount, service, events } = provided()
    const end = mount()
    const { getKey, peek } = auth
    const key = await getKey({ minValidityMs: 1 })
    expect(peek()).toBe(key)
    const signed = await auth.sign(FILES, { method: 'DELETE' })
    expect([signed.method, signed.headers.get('X-Filerobot-Key')]).toEqual(['DELETE', key.value])
    expect((await auth.fetch(FILES, { method: 'PUT' })).ok).toBe(true)
    expect(service.requests.map(({ method }) => method)).toEqual(['PUT'])
    await auth.invalidate(key)
    expect(peek()).toBeUndefined()
    await getKey()
    await auth.clear()
    expect(auth.state.status).toBe('idle')
    auth.emit({ type: 'widget_degraded', widget: 'spin', missing: 'nothing' })
    expect(events).toEqual(['key', 'invalidated', 'key', 'cleared', 'widget_degraded'])
    end()
  })

  it('says of storage what it is going to be', () => {
    const kinds = [
      provided({ storage: undefined }),
      provided(),
      provided({ storage: { get: async () => undefined, update: async () => {} } }),
      provided({ storage: 'indexeddb', requestKey: async () => '' }),
      provided({ storage: 'indexeddb', requestKey: async () => '', cacheScope: 'anna' }),
    ].map(({ auth }) => auth.state.storage)
    expect(kinds).toEqual(['indexeddb', 'memory', 'custom', 'memory', 'indexeddb'])
  })

  it('is disposed of when the component is gone, and not when that comes back at once', async () => {
    const { auth, mount, service } = provided()
    const endFirst = mount()
    const key = await auth.getKey()
    endFirst()
    const end = mount()
    await turn()
    expect(auth.peek()).toBe(key)
    end()
    await turn()
    expect([auth.peek(), auth.state.status]).toEqual([undefined, 'idle'])
    for (const used of [auth.getKey(), auth.fetch(FILES), auth.sign(FILES), auth.clear(), auth.invalidate(key)]) {
      expect(await failureOf(used)).toMatchObject({ code: 'disposed' })
    }
    expect(service.asked).toHaveLength(1)
  })

  it('begins again what was subscribed to while the component was gone, or before', async () => {
    const { auth, mount } = provided()
    const end = mount()
    const [before, meanwhile, cancelled] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()]
    const unsubscribe = auth.subscribe(before)
    await vi.waitFor(() => expect(auth.state.status).toBe('ready'))
    end()
    await turn()
    before.mockClear()
    const ends = [auth.subscribe(meanwhile), unsubscribe]
    auth.subscribe(cancelled)()
    expect(auth.state.status).toBe('idle')

    const endAgain = mount()
    await vi.waitFor(() => expect(auth.state.status).toBe('ready'))
    expect([before.mock.calls.length > 0, meanwhile.mock.calls.length > 0, cancelled.mock.calls.length]).toEqual([
      true,
      true,
      0,
    ])
    for (const end of ends) end()
    before.mockClear()
    await auth.clear()
    expect(before).not.toHaveBeenCalled()
    endAgain()
  })

  it('is used by children a moment before the component is back', async () => {
    const { auth, mount, service } = provided()
    mount()()
    await turn()
    const key = auth.getKey()
    mount()
    expect((await key).value).toBe(service.given[0])
  })

  it('tells who subscribes, and who waits for its return, of a key that others on the page have already', async () => {
    const service = fakeService()
    vi.stubGlobal('fetch', service.fetch)
    const options: AuthOptions = { token: `provided-${++made}`, templateId: TEMPLATE, storage: 'memory' }
    const other = createAuth(options)
    const key = await other.getKey()

    const { auth, mount } = provideAuth(options)
    const end = mount()
    const heard: AuthState[] = []
    auth.subscribe(state => heard.push(state))
    auth.subscribe(() => heard.push(auth.state))()
    expect(heard).toEqual([])
    await turn()
    expect(heard.map(({ key }) => key)).toEqual([key])
    // Nothing is new for the next one.
    const unsubscribe = auth.subscribe(state => heard.push(state))
    await turn()
    unsubscribe()
    expect(heard).toHaveLength(1)
    end()
    await turn()
    mount()
    await turn()
    expect(heard.map(({ key }) => key)).toEqual([key, key])
    expect(service.asked).toHaveLength(1)
    for (const { dispose } of [auth, other]) dispose()
  })

  it('is ended for good by `dispose`', async () => {
    const { auth, mount, service } = provided()
    const end = mount()
    await auth.getKey()
    auth.dispose()
    end()
    await turn()
    mount()
    expect(() => auth.subscribe(() => {})).toThrow('disposed')
    expect(await failureOf(auth.getKey())).toMatchObject({ code: 'disposed' })
    expect([auth.peek(), auth.state.status, service.asked.length]).toEqual([undefined, 'idle', 1])
  })

  it('takes a relative `keyUrl` where there is no page, as a server renders', () => {
    vi.stubGlobal('document', undefined)
    expect(provided({ keyUrl: '/key' }).auth.state.status).toBe('idle')
    expect(() => provided({ keyUrl: 'http://shop.example/key' })).toThrow('keyUrl: expected an https URL')
  })
})
