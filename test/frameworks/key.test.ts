import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { AuthError } from '../../src/errors.ts'
import type { AccessKey, Auth, AuthState } from '../../src/types.ts'
import { json, refusal } from '../unit/fakes.ts'
import { frameworks, settled } from './framework.ts'
import { openService } from './service.ts'

const isPreact = inject('framework').name === 'preact'

/** What the frameworks complain of. */
let complaints: unknown[][]
beforeEach(() => {
  complaints = []
  vi.spyOn(console, 'error').mockImplementation((...words) => void complaints.push(words))
})
afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

/** An auth whose state the test sets; at first it has a key. */
function handAuth() {
  const key: AccessKey = { value: 'SASS_1', expiresAtMs: 1_200_000, obtainedAtMs: 0 }
  let state: AuthState = { status: 'ready', key, storage: 'indexeddb' }
  const listeners = new Set<(state: AuthState) => void>()
  const auth = {
    get state() {
      return state
    },
    subscribe(listener: (state: AuthState) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } as unknown as Auth
  const tell = (next: AuthState) => {
    state = next
    for (const listener of listeners) listener(state)
  }
  return { auth, tell, listeners }
}

describe.each(frameworks)('in %s, the hook for the key', (mode, framework) => {
  const { act, element, guarded, hooks, hydrate, mount, open: openRoot, own, renderToString, toHtml } = framework
  const { FilerobotAuthProvider, useFilerobotKey } = hooks
  const until = (isTrue: () => void) => settled(act, isTrue)
  const use = ({ auth }: { auth: Auth }) => useFilerobotKey(auth)
  /** StrictMode renders twice. */
  const once = mode.includes('StrictMode') ? 2 : 1

  it('asks for nothing on a server, and is loading there', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const results = renderToString(() => useFilerobotKey(auth))
    await act(() => {})
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['loading']))
    expect([service.asked.length, listening.count, auth.state.status]).toEqual([0, 0, 'idle'])
  })

  it('obtains a key by one request, and is rendered twice for that: loading, and ready (rule 17)', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const hook = await mount(use, { auth })
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(hook.result).toMatchObject({ status: 'ready', key: auth.peek(), error: undefined, retryAtMs: undefined })
    expect(hook.results.map(({ status }) => status)).toEqual([
      ...Array<string>(once).fill('loading'),
      ...Array<string>(once).fill('ready'),
    ])
    expect([service.asked.length, listening.count]).toEqual([1, 1])
    await hook.unmount()
    expect(listening.count).toBe(0)
    expect(complaints).toEqual([])
  })

  it('is rendered once for another key, and not at all for a renewal that fails', async () => {
    const { open, service } = openService()
    const auth = open()
    const hook = await mount(use, { auth })
    await until(() => expect(hook.result?.status).toBe('ready'))
    const count = hook.results.length
    const renew = () => act(async () => void (await auth.getKey({ forceRefresh: true }).catch(() => {})))
    await renew()
    expect([service.asked.length, hook.results.length]).toEqual([2, count + once])
    expect(hook.result?.key).toBe(auth.peek())
    service.answerKey = () => refusal('GONE', 404)
    await renew()
    expect([service.asked.length, hook.results.length]).toEqual([3, count + once])
    await hook.unmount()
  })

  it('is not rendered for what it does not show', async () => {
    const { auth, tell, listeners } = handAuth()
    const hook = await mount(use, { auth })
    const { result } = hook
    const count = hook.results.length
    // Memory has taken over, and nothing else.
    await act(() => tell({ ...auth.state, storage: 'memory' }))
    await act(() => tell({ ...auth.state, storage: 'indexeddb' }))
    expect(hook.results).toHaveLength(count)
    await hook.update({ auth })
    expect(hook.result).toBe(result)
    for (const retryAtMs of [5, 6]) {
      await act(() => tell({ status: 'loading', storage: 'memory', retryAtMs }))
      expect(hook.result).toEqual({ status: 'loading', retryAtMs })
    }
    await hook.unmount()
    expect(listeners.size).toBe(0)
  })

  it('shows what changed after it was rendered and before it could listen', async () => {
    const { auth, tell } = handAuth()
    tell({ status: 'loading', storage: 'memory' })
    const container = document.createElement('div')
    const root = openRoot(container)
    // Effects of children run first.
    const Child = () => {
      own.useEffect(() => tell({ status: 'error', error: new AuthError('network'), storage: 'memory' }), [])
      return null
    }
    const Parent = () => element('p', null, useFilerobotKey(auth).status, element(Child, null))
    await act(() => root.render(element(Parent, null)))
    expect(container.textContent).toBe('error')
    await act(() => root.unmount())
  })

  it('shows a key that is there already, before anything is painted', async () => {
    const { open, service } = openService()
    const auth = open()
    await auth.getKey()
    const hook = await mount(use, { auth })
    expect(hook.result?.key).toBe(auth.peek())
    // Preact's components cannot tell whether they are hydrated: theirs is there in the second rendering.
    const statuses = isPreact ? ['loading', 'ready'] : Array<string>(once).fill('ready')
    expect(hook.results.map(({ status }) => status)).toEqual(statuses)
    expect(service.asked).toHaveLength(1)
    await hook.unmount()
  })

  it('shows why there is no key and when the next attempt is made, and the key that comes then', async () => {
    const { open, service } = openService()
    const auth = open()
    const { answerKey } = service
    service.answerKey = () => json({ status: 'error', code: 'ACCESS_DENIED' }, 403)
    const hook = await mount(use, { auth })
    await until(() => expect(hook.result?.status).toBe('error'))
    expect(hook.result?.error).toMatchObject({ code: 'template_rejected', status: 403 })
    expect(hook.result?.retryAtMs).toBe(auth.state.retryAtMs)
    expect(hook.result?.retryAtMs).toBeGreaterThan(Date.now())
    service.answerKey = answerKey
    await act(async () => void (await auth.getKey({ forceRefresh: true })))
    expect(hook.result).toMatchObject({ status: 'ready', error: undefined, retryAtMs: undefined })
    await hook.unmount()
  })

  it.each([
    ['came', false],
    ['was there', true],
  ])(
    'is idle after the app has cleared the key that %s, and ready again when somebody wants one',
    async (_, isThere) => {
      const { open, service } = openService()
      const auth = open()
      if (isThere) await auth.getKey()
      const hook = await mount(use, { auth })
      await until(() => expect(hook.result?.status).toBe('ready'))
      await act(() => auth.clear())
      expect(hook.result).toMatchObject({ status: 'idle', key: undefined })
      expect(service.asked).toHaveLength(1)
      await act(async () => void (await auth.getKey()))
      expect(hook.result?.status).toBe('ready')
      await hook.unmount()
    },
  )

  it('that is unmounted during the request leaves that to the auth, and reports nothing', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const release = service.hold()
    const hook = await mount(use, { auth })
    await until(() => expect(service.asked).toHaveLength(1))
    await hook.unmount()
    const count = hook.results.length
    expect(service.asked[0]?.init.signal?.aborted).toBe(false)
    release()
    await until(() => expect(auth.peek()).toBeDefined())
    expect([service.asked.length, listening.count, hook.results.length]).toEqual([1, 0, count])
    expect(complaints).toEqual([])
  })

  it('follows another auth when it is given one', async () => {
    const [one, other] = [openService(), openService()]
    const [before, after] = [one.open(), other.open()]
    const hook = await mount(use, { auth: before })
    await until(() => expect(hook.result?.status).toBe('ready'))
    const release = other.service.hold()
    await hook.update({ auth: after })
    expect(hook.result).toEqual({ status: 'loading' })
    release()
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(hook.result?.key).toBe(after.peek())
    expect([one.listening.count, other.listening.count]).toEqual([0, 1])
    await hook.unmount()
  })

  it('returns an error for an auth that the app has disposed of', async () => {
    const auth = openService().open()
    auth.dispose()
    const hook = await mount(use, { auth })
    expect(hook.result).toMatchObject({ status: 'error', error: { code: 'disposed' } })
    await hook.unmount()
  })

  it('shows the same in all components at all times', async () => {
    const { open } = openService()
    const auth = open()
    const Reader = () => element('b', null, useFilerobotKey().key?.value ?? 'none')
    const container = document.createElement('div')
    const root = openRoot(container)
    const shown: string[][] = []
    const seen = new MutationObserver(() => shown.push([...container.querySelectorAll('b')].map(b => b.textContent)))
    seen.observe(container, { childList: true, characterData: true, subtree: true })
    const content = element(
      FilerobotAuthProvider,
      { auth },
      element(Reader, null),
      element('p', null, element(Reader, null)),
    )
    await act(() => root.render(content))
    await until(() => expect(container.textContent).toContain('SASS_'))
    for (let turn = 0; turn < 3; turn++) await act(async () => void (await auth.getKey({ forceRefresh: true })))
    await until(() => expect(shown.at(-1)).toEqual([auth.peek()?.value, auth.peek()?.value]))
    expect(shown.length).toBeGreaterThanOrEqual(4)
    expect(shown.filter(([one, other]) => one !== other)).toEqual([])
    await act(() => root.unmount())
    seen.disconnect()
  })

  it('is hydrated as the server has rendered it, and then shows the key that is there, attributes too', async () => {
    const { open, service } = openService()
    const Status = () => {
      const { status } = useFilerobotKey()
      return element('p', { title: status }, status === 'ready' ? 'signed' : 'please wait')
    }
    const content = (auth: Auth) => element(FilerobotAuthProvider, { auth }, element(Status, null))
    const container = document.createElement('div')
    container.innerHTML = toHtml(content(open()))
    expect(container.innerHTML).toBe('<p title="loading">please wait</p>')
    const paragraph = container.firstChild
    const auth = open()
    await auth.getKey()
    const errors: unknown[] = []
    let root = { unmount() {} }
    await act(() => {
      root = hydrate(container, content(auth), error => errors.push(error))
    })
    await until(() => expect(container.innerHTML).toBe('<p title="ready">signed</p>'))
    expect(container.firstChild).toBe(paragraph)
    expect([errors, complaints, service.asked.length]).toEqual([[], [], 1])
    await act(() => root.unmount())
  })

  it('throws in rendering where there is no auth, and says what to do', async () => {
    vi.spyOn(window, 'dispatchEvent').mockReturnValue(true)
    const container = document.createElement('div')
    const root = openRoot(container)
    const Lost = () => element('p', null, useFilerobotKey().status)
    await act(() =>
      root.render(
        guarded(element(Lost, null), error => (error instanceof AuthError ? error.message : 'something else')),
      ),
    )
    expect(container.textContent).toBe(
      'useFilerobotKey: there is no FilerobotAuthProvider above this component; put one around it, or call useFilerobotKey(auth)',
    )
    await act(() => root.unmount())
  })
})
