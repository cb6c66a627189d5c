import { describe, expect, it, vi } from 'vitest'
import type { ConnectableAuth } from '../../../../src/connectable.ts'
import { AuthError } from '../../../../src/errors.ts'
import type { AccessKey, Auth, AuthState } from '../../../../src/types.ts'
import { connectUploader, type UploaderCore, uploaderHeaders } from '../../../../src/widgets/index.ts'

const LIFETIME_MS = 1_200_000
const accessKey = (value: string): AccessKey => ({ value, expiresAtMs: LIFETIME_MS, obtainedAtMs: 0 })

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
    getKey: vi.fn<Auth['getKey']>(async () => key ?? accessKey('SASS_asked')),
    sign: vi.fn<Auth['sign']>(async () => {
      const headers = { 'X-Filerobot-Key': key?.value ?? 'SASS_asked' }
      return new Request('https://api.filerobot.com', { headers })
    }),
    emit: vi.fn<ConnectableAuth['emit']>(),
    subscribe: (listener: (state: AuthState) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    auth: auth as unknown as Auth & typeof auth,
    listeners,
    give: (value: string) => {
      key = accessKey(value)
      tell({ status: 'ready', key, storage: 'memory' })
    },
    fail: (error: AuthError) => {
      key = undefined
      tell({ status: 'error', error, storage: 'memory' })
    },
  }
}

/** What 3.114.5 does with keys; `answerInfo` ends the core's call of key/info. */
function fakeCore(overrides: Partial<UploaderCore> = {}) {
  let sassKey = ''
  const listeners = new Set<() => void>()
  const setKey = (key: string) => {
    sassKey = key
    for (const listener of listeners) listener()
  }
  const infos: (() => void)[] = []
  const processors: (() => Promise<unknown>)[] = []
  const apiClient = { _send: async () => ({}) }
  const core = {
    opts: { apiEndpoint: 'https://api.filerobot.com' } as UploaderCore['opts'],
    initUserAuthState: vi.fn<(key: string) => Promise<void>>(
      key =>
        new Promise<void>(resolve => {
          infos.push(() => {
            setKey(key)
            resolve()
          })
        }),
    ),
    setOptions: vi.fn<UploaderCore['setOptions']>(),
    addPreProcessor: (processor: () => Promise<unknown>) => processors.push(processor),
    removePreProcessor: (processor: () => Promise<unknown>) => processors.splice(processors.indexOf(processor), 1),
    on: vi.fn<UploaderCore['on']>(),
    off: vi.fn<UploaderCore['off']>(),
    iteratePlugins: vi.fn<UploaderCore['iteratePlugins']>(),
    info: vi.fn<UploaderCore['info']>(),
    hideInfo: vi.fn<UploaderCore['hideInfo']>(),
    emit: vi.fn<(event: string, value: unknown) => void>(),
    dispatch: vi.fn<(action: unknown) => void>(action => {
      if (typeof action === 'function') return void action(core.dispatch, core.getGlobalState, { apiClient })
      const { type, payload } = action as { type?: string; payload?: unknown }
      if (type === 'Core/user/userUpdated') setKey((payload as { sassKey: string }).sassKey)
    }),
    getGlobalState: () => ({ Core: { user: { sassKey } } }),
    store: {
      subscribe: (listener: () => void) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    ...overrides,
  }
  return {
    core: core as typeof core & { [Name in keyof UploaderCore]: UploaderCore[Name] },
    infos,
    processors,
    listeners,
    key: () => sassKey,
  }
}

describe('the headers for XHRUpload', () => {
  it('hold the key of the moment in which they are copied', () => {
    const { auth, give } = handAuth()
    const headers = uploaderHeaders(auth)
    expect({ ...headers }).toEqual({ 'X-Filerobot-Key': '' })
    give('SASS_1')
    expect({ ...headers }).toEqual({ 'X-Filerobot-Key': 'SASS_1' })
    give('SASS_2')
    expect({ ...headers }).toEqual({ 'X-Filerobot-Key': 'SASS_2' })
  })

  it('ignore what XHRUpload assigns to them when it is built', () => {
    const { auth, give } = handAuth()
    const headers = uploaderHeaders(auth)
    give('SASS_1')
    headers['X-Filerobot-Key'] = 'SASS_old'
    expect(headers['X-Filerobot-Key']).toBe('SASS_1')
  })
})

/** What the connection said of the widget's internals. */
const lacking = ({ emit }: ReturnType<typeof handAuth>['auth']) =>
  emit.mock.calls.flatMap(([event]) => (event.type === 'widget_degraded' ? [event.missing] : []))

describe('a connected uploader', () => {
  it('is given a key that comes late, and is ready when key/info has answered', async () => {
    const { auth, give } = handAuth()
    const { core, infos } = fakeCore()
    const onReady = vi.fn<() => void>()
    connectUploader(auth, core, { onReady })
    // The Explorer's constructor throws where there is nothing.
    expect(core.opts.sassKey).toBe('pending')
    expect(core.initUserAuthState).not.toHaveBeenCalled()
    give('SASS_1')
    await vi.waitFor(() => expect(core.initUserAuthState).toHaveBeenCalledExactlyOnceWith('SASS_1'))
    expect(core.opts.sassKey).toBe('SASS_1')
    expect(onReady).not.toHaveBeenCalled()
    infos[0]?.()
    await vi.waitFor(() => expect(onReady).toHaveBeenCalledOnce())
  })

  it('is given a renewed key without a further key/info', async () => {
    const { auth, give } = handAuth()
    const { core, infos, key } = fakeCore()
    const onReady = vi.fn<() => void>()
    give('SASS_1')
    connectUploader(auth, core, { onReady })
    await vi.waitFor(() => expect(infos).toHaveLength(1))
    infos[0]?.()
    await vi.waitFor(() => expect(onReady).toHaveBeenCalledOnce())
    give('SASS_2')
    expect(key()).toBe('SASS_2')
    expect(core.opts.sassKey).toBe('SASS_2')
    expect(core.emit).toHaveBeenCalledWith('sass-key-obtained', 'SASS_2')
    expect(core.initUserAuthState).toHaveBeenCalledOnce()
  })

  it('keeps the newer key when a slow key/info brings the older one back', async () => {
    const { auth, give } = handAuth()
    const { core, infos, key } = fakeCore()
    connectUploader(auth, core)
    give('SASS_1')
    await vi.waitFor(() => expect(infos).toHaveLength(1))
    give('SASS_2')
    infos[0]?.()
    await vi.waitFor(() => expect(key()).toBe('SASS_2'))
    expect(core.opts.sassKey).toBe('SASS_2')
  })

  it('is not given a key for an endpoint that is not allowed', async () => {
    const { auth, give } = handAuth()
    const { core } = fakeCore()
    const onError = vi.fn<(error: AuthError) => void>()
    const error = new AuthError('origin_not_allowed', 'add https://api.filerobot.com to allowedOrigins')
    auth.sign.mockRejectedValue(error)
    connectUploader(auth, core, { onError })
    give('SASS_1')
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(error))
    expect(core.initUserAuthState).not.toHaveBeenCalled()
    expect(core.opts.sassKey).toBe('pending')
  })

  it('tells that no key can be had, in words of the site', () => {
    const { auth, fail } = handAuth()
    const onError = vi.fn<(error: AuthError) => void>()
    const info = vi.fn<(message: string, type: string, durationMs: number) => void>()
    connectUploader(auth, fakeCore({ info }).core, { onError, describe: ({ code }) => `Kein Zugang: ${code}` })
    const error = new AuthError('template_rejected', 'no such template')
    fail(error)
    expect(onError).toHaveBeenCalledExactlyOnceWith(error)
    expect(info).toHaveBeenCalledExactlyOnceWith('Kein Zugang: template_rejected', 'error', 0)
  })

  it('is left alone once disconnected', async () => {
    const { auth, give, listeners } = handAuth()
    const { core, infos, processors, listeners: storeListeners, key } = fakeCore()
    const onReady = vi.fn<() => void>()
    const disconnect = connectUploader(auth, core, { onReady })
    give('SASS_1')
    await vi.waitFor(() => expect(infos).toHaveLength(1))
    disconnect()
    infos[0]?.()
    await Promise.resolve()
    give('SASS_2')
    expect([listeners.size, storeListeners.size, processors.length]).toEqual([0, 0, 0])
    expect(key()).toBe('SASS_1')
    expect(onReady).not.toHaveBeenCalled()
  })

  it('may be built again with the Explorer after a connection that never had a key', () => {
    const { core } = fakeCore()
    connectUploader(handAuth().auth, core)()
    expect(core.opts.sassKey).toBeUndefined()
    expect(() => connectUploader(handAuth().auth, core)).not.toThrow()
  })

  it('must be an instance that fetches no keys of its own, and is connected once', () => {
    const { auth } = handAuth()
    expect(() => connectUploader(auth, {} as UploaderCore)).toThrow('filerobot: expected a live @filerobot/core')
    expect(() => connectUploader(auth, fakeCore({ opts: { securityTemplateId: 'SECU_' } }).core)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining('securityTemplateId') }),
    )
    const { core } = fakeCore()
    connectUploader(auth, core)
    expect(() => connectUploader(auth, core)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })
})

describe('an uploader of another version, which lacks what the connection builds on', () => {
  const plugin = () => ({ type: 'uploader', opts: { headers: { 'X-Filerobot-Key': 'SASS_old' } } })

  it('is connected in the plain way, and each gap is said once', async () => {
    const { auth, give } = handAuth()
    const [first, second] = [plugin(), plugin()]
    const { core } = fakeCore({
      iteratePlugins: visit => [first, second].forEach(visit),
      // Its thunks are given nothing.
      dispatch: action => (typeof action === 'function' ? action(undefined, undefined, {}) : undefined),
    })
    connectUploader(auth, core)
    give('SASS_1')
    await vi.waitFor(() => expect(core.initUserAuthState).toHaveBeenCalledExactlyOnceWith('SASS_1'))
    give('SASS_2')
    // The documented way, which asks key/info.
    expect(core.setOptions).toHaveBeenLastCalledWith({ sassKey: 'SASS_2' })
    expect([first, second].map(({ opts }) => opts.headers['X-Filerobot-Key'])).toEqual(['SASS_2', 'SASS_2'])
    expect(lacking(auth)).toEqual(['apiClient', 'upload'])
  })

  it('has a key before each batch that is good for a while, of a short one for a quarter of its life', async () => {
    const { auth, give } = handAuth()
    const { core, processors } = fakeCore({ iteratePlugins: visit => visit(plugin()) })
    connectUploader(auth, core, { minValidityMs: 1234 })
    give('SASS_1')
    await processors[0]?.()
    expect(auth.getKey).toHaveBeenLastCalledWith({ minValidityMs: 1234 })
    auth.getKey.mockResolvedValue({ ...accessKey('SASS_short'), expiresAtMs: 2000 })
    await processors[0]?.()
    expect(auth.getKey).toHaveBeenLastCalledWith({ minValidityMs: 500 })
  })

  it('sends a batch also when no key can be had: the service says what it makes of it', async () => {
    const { auth } = handAuth()
    const { core, processors } = fakeCore()
    connectUploader(auth, core)
    auth.getKey.mockRejectedValue(new AuthError('rate_limited', 'wait'))
    await expect(processors[0]?.()).resolves.toBeUndefined()
  })

  it('that has no store with thunks is connected too', () => {
    const { auth } = handAuth()
    const { core } = fakeCore({
      dispatch: action => {
        if (typeof action === 'function') throw new TypeError('Actions must be plain objects')
      },
    })
    expect(() => connectUploader(auth, core)).not.toThrow()
    expect(lacking(auth)).toContain('apiClient')
  })
})
