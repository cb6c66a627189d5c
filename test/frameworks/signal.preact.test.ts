import { computed, effect } from '@preact/signals'
import { describe, expect, it, vi } from 'vitest'
import { type AuthState, createAuth } from '../../src/index.ts'
import { authSignal } from '../../src/preact.ts'
import { frameworks, settled } from './framework.ts'
import { openService } from './service.ts'

describe.each(frameworks)('in %s, the signal of an auth', (_, { act, element, hooks, open: openRoot, toHtml }) => {
  const until = (isTrue: () => void) => settled(act, isTrue)

  it('is the same one for the same auth, and cannot be written to', () => {
    const [auth, other] = [openService().open(), openService().open()]
    expect(authSignal(auth)).toBe(authSignal(auth))
    expect(authSignal(auth)).not.toBe(authSignal(other))
    expect(() => Object.assign(authSignal(auth), { value: other.state })).toThrow(TypeError)
  })

  it('has the state of this moment where nobody watches it, and starts nothing', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const signal = authSignal(auth)
    const status = computed(() => signal.value.status)
    expect([signal.value, signal.peek(), signal.toJSON(), signal.valueOf()]).toEqual(Array(4).fill(auth.state))
    expect([signal.peek().status, status.value, service.asked.length]).toEqual(['idle', 'idle', 0])
    await auth.getKey()
    expect(signal.peek()).toBe(auth.state)
    expect(signal.value.status).toBe('ready')
    await auth.clear()
    expect(signal.peek()).toBe(auth.state)
    expect([signal.value.status, listening.count]).toEqual(['idle', 0])
    // What is computed of it looks anew once it was read itself, or any other signal has changed.
    await auth.getKey()
    expect([signal.value.status, status.value]).toEqual(['ready', 'ready'])
  })

  it('obtains a key and follows it for as long as somebody watches', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const seen: AuthState[] = []
    const ends = [
      effect(() => void seen.push(authSignal(auth).value)),
      authSignal(auth).subscribe(() => {}),
      computed(() => authSignal(auth).value.key).subscribe(() => {}),
    ]
    expect(listening.count).toBe(1)
    await until(() => expect(auth.state.status).toBe('ready'))
    expect(seen.map(({ status }) => status)).toEqual(['idle', 'loading', 'ready'])
    await auth.getKey({ forceRefresh: true })
    expect(seen.at(-1)).toBe(auth.state)
    expect([seen.length, service.asked.length, listening.count]).toEqual([4, 2, 1])
    for (const end of ends) end()
    expect(listening.count).toBe(0)
    await auth.getKey({ forceRefresh: true })
    expect([seen.length, authSignal(auth).value]).toEqual([4, auth.state])
    // And once more.
    const end = effect(() => void seen.push(authSignal(auth).value))
    expect([listening.count, seen.at(-1)]).toEqual([1, auth.state])
    end()
    expect(listening.count).toBe(0)
  })

  it('renders a component anew when it changes, and is watched only while that is there', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const container = document.createElement('div')
    const root = openRoot(container)
    let renderings = 0
    const Status = () => {
      renderings++
      return element('p', null, authSignal(auth).value.status)
    }
    await act(() => root.render(element(Status, null)))
    await until(() => expect(container.innerHTML).toBe('<p>ready</p>'))
    expect([service.asked.length, listening.count]).toEqual([1, 1])
    const before = renderings
    await act(async () => void (await auth.getKey()))
    expect(renderings).toBe(before)
    await act(() => root.unmount())
    expect(listening.count).toBe(0)
  })

  it('follows what the provider gives', async () => {
    const { options, service } = openService()
    const container = document.createElement('div')
    const root = openRoot(container)
    const Status = () => element('p', null, authSignal(hooks.useFilerobotAuth()).value.status)
    await act(() => root.render(element(hooks.FilerobotAuthProvider, options, element(Status, null))))
    await until(() => expect(container.innerHTML).toBe('<p>ready</p>'))
    expect(service.asked).toHaveLength(1)
    await act(() => root.unmount())
  })

  it('shows of an auth that the provider makes a key that others on the page have already', async () => {
    const { options, service } = openService()
    vi.stubGlobal('fetch', options.fetch)
    const { fetch: _, ...plain } = options
    const other = createAuth(plain)
    await other.getKey()
    const container = document.createElement('div')
    const root = openRoot(container)
    const Status = () => element('p', null, authSignal(hooks.useFilerobotAuth()).value.status)
    await act(() => root.render(element(hooks.FilerobotAuthProvider, plain, element(Status, null))))
    await until(() => expect(container.innerHTML).toBe('<p>ready</p>'))
    expect(service.asked).toHaveLength(1)
    await act(() => root.unmount())
    other.dispose()
    vi.unstubAllGlobals()
  })

  it('starts nothing in server rendering, nor after a component has failed there', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const Status = () => element('p', null, authSignal(auth).value.status)
    expect(toHtml(element(Status, null))).toBe('<p>idle</p>')
    const { document } = globalThis
    // As in Node: a component that fails is not unmounted there.
    Reflect.deleteProperty(globalThis, 'document')
    try {
      const Broken = () => {
        throw new Error(authSignal(auth).value.status)
      }
      expect(() => toHtml(element(Broken, null))).toThrow('idle')
    } finally {
      globalThis.document = document
    }
    await act(() => {})
    expect([service.asked.length, listening.count]).toEqual([0, 0])
  })

  it('outlives an auth that the app has disposed of', () => {
    const auth = openService().open()
    auth.dispose()
    const seen: string[] = []
    effect(() => void seen.push(authSignal(auth).value.status))()
    expect(seen).toEqual(['idle'])
  })
})
