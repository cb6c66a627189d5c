import { afterEach, describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../src/errors.ts'
import type { AccessKey, Auth, AuthState } from '../../src/types.ts'
import type { UploaderCore, UploaderOptions } from '../../src/widgets/index.ts'
import { frameworks, settled } from './framework.ts'

/** An auth whose key the test sets. */
function handAuth() {
  let key: AccessKey | undefined
  let state: AuthState = { status: 'idle', storage: 'memory' }
  const listeners = new Set<(state: AuthState) => void>()
  const tell = (next: AuthState) => {
    state = next
    for (const listener of listeners) listener(state)
  }
  const auth = {
    get state() {
      return state
    },
    peek: () => key,
    getKey: async () => key,
    sign: async () => new Request('https://api.example', { headers: { 'X-Filerobot-Key': key?.value ?? '' } }),
    subscribe(listener: (state: AuthState) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } as unknown as Auth
  return {
    auth,
    listeners,
    give: (value: string) => {
      key = { value, expiresAtMs: 1_200_000, obtainedAtMs: 0 }
      tell({ status: 'ready', key, storage: 'memory' })
    },
    fail: (error: AuthError) => {
      key = undefined
      tell({ status: 'error', error, storage: 'memory' })
    },
  }
}

/** What a connection needs of the widget, and what it did to it. */
function fakeCore() {
  const processors = new Set<unknown>()
  const core = {
    opts: { apiEndpoint: 'https://api.example' } as UploaderCore['opts'],
    initUserAuthState: vi.fn<(key: string) => Promise<void>>(async () => {}),
    setOptions: vi.fn<UploaderCore['setOptions']>(),
    addPreProcessor: (processor: unknown) => processors.add(processor),
    removePreProcessor: (processor: unknown) => processors.delete(processor),
    on: () => {},
    off: () => {},
    emit: () => {},
    dispatch: () => {},
    getGlobalState: () => ({}),
    iteratePlugins: () => {},
    info: vi.fn<UploaderCore['info']>(),
    hideInfo: () => {},
  }
  return { core: core as typeof core & UploaderCore, connections: () => processors.size }
}

afterEach(() => vi.restoreAllMocks())

describe.each(frameworks)('in %s, the hook for the uploader', (_, { hooks, act, mount, renderToString }) => {
  const { useFilerobotUploader } = hooks
  const use = (props: UploaderOptions & { auth: Auth; filerobot: UploaderCore | null }) => {
    const { auth, filerobot, ...options } = props
    return useFilerobotUploader(auth, filerobot, options)
  }
  const until = (isTrue: () => void) => settled(act, isTrue)

  it('does nothing in server rendering', () => {
    const [{ auth, listeners }, { core, connections }] = [handAuth(), fakeCore()]
    expect(renderToString(() => useFilerobotUploader(auth, core))).toEqual([{ status: 'loading' }])
    expect([listeners.size, connections()]).toEqual([0, 0])
  })

  it('waits for the instance, and is ready when that has its key', async () => {
    const [{ auth, listeners, give }, { core, connections }] = [handAuth(), fakeCore()]
    const hook = await mount(use, { auth, filerobot: null })
    expect([hook.result, listeners.size]).toEqual([{ status: 'loading' }, 0])
    await hook.update({ auth, filerobot: core })
    expect([hook.result, connections()]).toEqual([{ status: 'loading' }, 1])
    // The widget asks what the key permits.
    let answer = () => {}
    core.initUserAuthState.mockImplementation(() => new Promise(resolve => (answer = resolve)))
    await act(() => give('SASS_1'))
    expect(hook.result).toEqual({ status: 'loading' })
    await act(() => answer())
    await until(() => expect(hook.result).toEqual({ status: 'ready' }))
    expect(core.initUserAuthState).toHaveBeenCalledExactlyOnceWith('SASS_1')
    await hook.unmount()
    expect([listeners.size, connections()]).toEqual([0, 0])
  })

  it('connects once, however often the component is rendered, and is not rendered again by a renewed key', async () => {
    const [{ auth, give, listeners }, { core, connections }] = [handAuth(), fakeCore()]
    give('SASS_1')
    const hook = await mount(use, { auth, filerobot: core, onReady: () => {} })
    await until(() => expect(hook.result?.status).toBe('ready'))
    const on = vi.spyOn(core, 'on')
    await hook.update({ auth, filerobot: core, onReady: () => {} })
    expect(on).not.toHaveBeenCalled()
    const count = hook.results.length
    await act(() => give('SASS_2'))
    expect(core.setOptions).toHaveBeenLastCalledWith({ sassKey: 'SASS_2' })
    expect([hook.results.length, connections()]).toEqual([count, 1])
    await hook.unmount()
    expect(listeners.size).toBe(0)
  })

  it('tells that there is no key, before and after the first one, and that there is one again', async () => {
    const [{ auth, give, fail }, { core }] = [handAuth(), fakeCore()]
    const [onReady, onError] = [vi.fn<() => void>(), vi.fn<(error: AuthError) => void>()]
    const hook = await mount(use, { auth, filerobot: core, onReady, onError })
    const [first, second] = [new AuthError('network'), new AuthError('rate_limited')]
    await act(() => fail(first))
    expect(hook.result).toEqual({ status: 'error', error: first })
    await act(() => give('SASS_1'))
    await until(() => expect(hook.result).toEqual({ status: 'ready' }))
    await act(() => fail(second))
    expect(hook.result).toEqual({ status: 'error', error: second })
    await act(() => give('SASS_2'))
    expect(hook.result).toEqual({ status: 'ready' })
    expect([onReady.mock.calls.length, onError.mock.calls]).toEqual([1, [[first], [second]]])
    await hook.unmount()
  })

  it('calls the functions of the last rendering, and outlives what they throw', async () => {
    const [{ auth, give, fail }, { core, connections }] = [handAuth(), fakeCore()]
    const reported = vi.fn<(error: unknown) => void>()
    vi.stubGlobal('reportError', reported)
    const hook = await mount(use, { auth, filerobot: core, describe: () => 'first' })
    const failure = new Error("the app's own")
    const onError = () => {
      throw failure
    }
    await hook.update({ auth, filerobot: core, describe: () => 'last', onError })
    await act(() => fail(new AuthError('network')))
    expect(core.info).toHaveBeenLastCalledWith('last', 'error', 0)
    expect(reported).toHaveBeenCalledExactlyOnceWith(failure)
    // None: the words that the connection has itself.
    await hook.update({ auth, filerobot: core })
    await act(() => fail(new AuthError('timeout')))
    expect(core.info).toHaveBeenLastCalledWith(expect.stringContaining('(timeout)'), 'error', 0)
    await act(() => give('SASS_1'))
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(connections()).toBe(1)
    await hook.unmount()
    vi.unstubAllGlobals()
  })

  it.each(['auth', 'filerobot', 'minValidityMs'] as const)('connects anew for another %s', async what => {
    const [one, other] = [handAuth(), handAuth()]
    const [before, after] = [fakeCore(), fakeCore()]
    one.give('SASS_1')
    other.give('SASS_2')
    const hook = await mount(use, { auth: one.auth, filerobot: before.core })
    await until(() => expect(hook.result?.status).toBe('ready'))
    const changes = {
      auth: { auth: other.auth },
      filerobot: { filerobot: after.core },
      minValidityMs: { minValidityMs: 1 },
    }
    await hook.update({ auth: one.auth, filerobot: before.core, ...changes[what] })
    await until(() => expect(hook.result?.status).toBe('ready'))
    // It said so in between.
    expect(hook.results.map(({ status }) => status).join()).toMatch(/ready,.*loading,.*ready/)
    expect([before.connections(), after.connections()]).toEqual(what === 'filerobot' ? [0, 1] : [1, 0])
    expect([one.listeners.size, other.listeners.size]).toEqual(what === 'auth' ? [0, 2] : [2, 0])
    await hook.unmount()
    expect([one, other].map(({ listeners }) => listeners.size)).toEqual([0, 0])
  })

  it('returns what keeps an instance from being connected, and leaves nothing behind', async () => {
    const [{ auth, listeners }, { core, connections }] = [handAuth(), fakeCore()]
    core.opts.securityTemplateId = 'SECU_…'
    const hook = await mount(use, { auth, filerobot: core })
    expect(hook.result).toMatchObject({ status: 'error', error: { code: 'invalid_options' } })
    await hook.unmount()
    expect([listeners.size, connections()]).toEqual([0, 0])
  })

  it('leaves no connection behind where the app disposes of the auth as it hears of an error', async () => {
    const [{ auth, listeners, fail }, { core, connections }] = [handAuth(), fakeCore()]
    fail(new AuthError('network'))
    const onError = () => {
      auth.subscribe = () => {
        throw new AuthError('disposed')
      }
    }
    const hook = await mount(use, { auth, filerobot: core, onError })
    expect(hook.result).toMatchObject({ status: 'error', error: { code: 'disposed' } })
    await hook.unmount()
    expect([listeners.size, connections()]).toEqual([0, 0])
  })
})
