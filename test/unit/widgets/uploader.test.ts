import { describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import type { AccessKey, Auth, AuthState } from '../../../src/types.ts'
import { connectUploader, type UploaderCore, uploaderHeaders } from '../../../src/widgets/index.ts'

const accessKey = (value: string): AccessKey => ({ value, expiresAtMs: 0, obtainedAtMs: 0 })

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
  const processors: (() => Promise<void>)[] = []
  const core = {
    opts: {} as UploaderCore['opts'],
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
    addPreProcessor: (processor: () => Promise<void>) => processors.push(processor),
    removePreProcessor: (processor: () => Promise<void>) => processors.splice(processors.indexOf(processor), 1),
    emit: vi.fn<(event: string, value: unknown) => void>(),
    dispatch: vi.fn<(action: { type: string; payload: unknown }) => void>(({ type, payload }) => {
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

describe('a connected uploader', () => {
  it('is given a key that comes late, and is ready when key/info has answered', async () => {
    const { auth, give } = handAuth()
    const { core, infos } = fakeCore()
    const onReady = vi.fn<() => void>()
    connectUploader(auth, core, { onReady })
    expect(core.initUserAuthState).not.toHaveBeenCalled()
    give('SASS_1')
    expect(core.opts.sassKey).toBe('SASS_1')
    expect(core.initUserAuthState).toHaveBeenCalledExactlyOnceWith('SASS_1')
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
    infos[0]?.()
    await vi.waitFor(() => expect(onReady).toHaveBeenCalledOnce())
    give('SASS_2')
    expect(key()).toBe('SASS_2')
    expect(core.opts.sassKey).toBe('SASS_2')
    expect(core.emit).toHaveBeenCalledWith('sass-key-obtained', 'SASS_2')
    expect(core.initUserAuthState).toHaveBeenCalledOnce()
    expect(core.setOptions).not.toHaveBeenCalled()
  })

  it('keeps the newer key when a slow key/info brings the older one back', async () => {
    const { auth, give } = handAuth()
    const { core, infos, key } = fakeCore()
    connectUploader(auth, core)
    give('SASS_1')
    give('SASS_2')
    infos[0]?.()
    expect(key()).toBe('SASS_2')
  })

  it('falls back to setOptions where the store does not take the key', async () => {
    const { auth, give } = handAuth()
    const { core } = fakeCore({ getGlobalState: () => ({}) })
    connectUploader(auth, core)
    give('SASS_1')
    give('SASS_2')
    expect(core.setOptions).toHaveBeenCalledExactlyOnceWith({ sassKey: 'SASS_2' })
  })

  it('asks for a key that is good for a while before each batch', async () => {
    const { auth, give } = handAuth()
    const headers = { 'X-Filerobot-Key': 'SASS_old' }
    const { core, processors } = fakeCore({ iteratePlugins: visit => visit({ type: 'uploader', opts: { headers } }) })
    connectUploader(auth, core, { minValidityMs: 1234 })
    give('SASS_1')
    await processors[0]?.()
    expect(auth.getKey).toHaveBeenCalledExactlyOnceWith({ minValidityMs: 1234 })
    expect(headers['X-Filerobot-Key']).toBe('SASS_1')
  })

  it('uploads with the present key when a better one cannot be had', async () => {
    const { auth, give } = handAuth()
    const { core, processors } = fakeCore()
    connectUploader(auth, core)
    auth.getKey.mockRejectedValue(new AuthError('rate_limited', 'wait'))
    await expect(processors[0]?.()).rejects.toMatchObject({ code: 'rate_limited' })
    give('SASS_1')
    await expect(processors[0]?.()).resolves.toBeUndefined()
  })

  it('tells that no key can be had', () => {
    const { auth, fail } = handAuth()
    const onError = vi.fn<(error: AuthError) => void>()
    connectUploader(auth, fakeCore().core, { onError })
    const error = new AuthError('template_rejected', 'no such template')
    fail(error)
    expect(onError).toHaveBeenCalledExactlyOnceWith(error)
  })

  it('is left alone once disconnected', async () => {
    const { auth, give, listeners } = handAuth()
    const { core, infos, processors, listeners: storeListeners, key } = fakeCore()
    const onReady = vi.fn<() => void>()
    const disconnect = connectUploader(auth, core, { onReady })
    give('SASS_1')
    disconnect()
    infos[0]?.()
    await Promise.resolve()
    give('SASS_2')
    expect([listeners.size, storeListeners.size, processors.length]).toEqual([0, 0, 0])
    expect(key()).toBe('SASS_1')
    expect(onReady).not.toHaveBeenCalled()
  })

  it('must be an instance that fetches no keys of its own', () => {
    const { auth } = handAuth()
    expect(() => connectUploader(auth, {} as UploaderCore)).toThrow(/"filerobot"/)
    expect(() => connectUploader(auth, fakeCore({ opts: { securityTemplateId: 'SECU_' } }).core)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining('securityTemplateId') }),
    )
  })
})
