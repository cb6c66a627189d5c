import { AuthError } from '../errors.js'
import type { AccessKey, Auth } from '../types.js'
import { invalid } from './api-address.js'

/** A plugin of the uploader, as far as it is used here. */
export interface UploaderPlugin {
  type?: string
  opts?: { headers?: Record<string, string> }
}

/** A live `@filerobot/core` instance, as far as it is used here. What is optional is internal to 3.114 and guarded. */
export interface UploaderCore {
  opts: { sassKey?: string | undefined; securityTemplateId?: string | undefined }
  initUserAuthState(key: string): unknown
  setOptions(options: { sassKey: string }): void
  addPreProcessor(processor: () => Promise<void>): void
  removePreProcessor(processor: () => Promise<void>): void
  emit?(event: string, value: unknown): void
  dispatch?(action: { type: string; payload: unknown }): unknown
  getGlobalState?(): unknown
  iteratePlugins?(visit: (plugin: UploaderPlugin) => void): void
  store?: { subscribe?(listener: () => void): () => void }
}

/** What {@link connectUploader} takes. */
export interface UploaderOptions {
  /** The instance has its first key: the moment to `use(Explorer)`, whose constructor throws without one. Called once. */
  onReady?: (() => void) | undefined
  /** No key can be had at the moment; `auth` goes on trying where that makes sense. May be called again. */
  onError?: ((error: AuthError) => void) | undefined
  /** How long a key must still be good when a batch of uploads starts. @default 15_000 */
  minValidityMs?: number | undefined
}

const header = 'X-Filerobot-Key'

/**
 * Headers for XHRUpload's option `headers`, with a key that is read when a file is sent: given a plain string, the
 * plugin sends the key of the page's first minutes for ever. Add to them with `Object.assign(uploaderHeaders(auth), …)`;
 * a spread would copy the key of the moment.
 *
 * @example `filerobot.use(XHRUpload, { headers: uploaderHeaders(auth) })`
 */
export function uploaderHeaders(auth: Auth): Record<string, string> {
  return {
    get [header]() {
      return auth.peek()?.value ?? ''
    },
    // XHRUpload assigns what the core knows as it is built; without a setter that throws.
    set [header](_) {},
  }
}

/**
 * Gives a live uploader the key when it comes, and each later one; sees to a good key before each batch of uploads.
 * Build the core without `securityTemplateId` and `sassKey`, and with `sassKeyRenewerEnabled: false`.
 *
 * The first key makes the core call `key/info?key=…`: its own call, which tells it what is permitted. No other URL
 * holds a key, and no later key is announced that way.
 *
 * @example
 * ```ts
 * const filerobot = Filerobot({ container: 'fusqadtm', sassKeyRenewerEnabled: false })
 * filerobot.use(XHRUpload, { headers: uploaderHeaders(auth) })
 * const disconnect = connectUploader(auth, filerobot, {
 *   onReady: () => filerobot.use(Explorer, { target: '#uploader', inline: true }),
 * })
 * ```
 * @returns a function that ends the connection; the key stays in the instance
 * @throws {AuthError} `invalid_options` when `filerobot` is not such an instance, or fetches keys of its own
 */
export function connectUploader(auth: Auth, filerobot: UploaderCore, options: UploaderOptions = {}): () => void {
  if (typeof filerobot?.initUserAuthState !== 'function' || typeof filerobot.addPreProcessor !== 'function') {
    throw invalid('filerobot', 'must be a live instance of @filerobot/core')
  }
  if (filerobot.opts.securityTemplateId) {
    throw invalid('securityTemplateId', 'must be left out of the uploader: with it the widget fetches keys of its own')
  }
  const { onReady, onError, minValidityMs = 15_000 } = options
  let connected = true
  let introduced = false // the core was given its first key
  let follows = false // the core's store takes a key without asking key/info

  const known = () => (filerobot.getGlobalState?.() as CoreState | undefined)?.Core?.user?.sassKey

  const push = (key: string) => {
    if (known() === key && filerobot.opts.sassKey === key) return
    follows = false // the store's listeners run within the dispatch
    filerobot.dispatch?.({ type: 'Core/user/userUpdated', payload: { sassKey: key } })
    follows = known() === key
    if (follows) {
      filerobot.opts.sassKey = key
      filerobot.emit?.('sass-key-obtained', key)
    } else {
      filerobot.setOptions({ sassKey: key })
    }
  }

  const introduce = async (key: string) => {
    introduced = true
    if (filerobot.opts.sassKey !== key) {
      filerobot.opts.sassKey = key
      // Failing is not fatal: the list works with a key that key/info did not confirm.
      await Promise.resolve(filerobot.initUserAuthState(key)).catch(() => {})
    }
    if (!connected) return
    // key/info may have failed, or been overtaken by a renewal.
    push(auth.peek()?.value ?? key)
    onReady?.()
  }

  const follow = () => {
    const key = auth.peek()?.value
    const { error } = auth.state
    if (key === undefined) {
      if (error) onError?.(error)
    } else if (introduced) push(key)
    else void introduce(key)
  }

  const freshKey = async () => {
    let key: AccessKey | undefined
    try {
      key = await auth.getKey({ minValidityMs })
    } catch (error) {
      // A failed renewal disturbs nobody while the old key is good.
      key = auth.peek()
      if (!key) throw error
    }
    if (!connected) return
    const { value } = key
    if (introduced) push(value)
    // An XHRUpload that was built after the first key, without `uploaderHeaders`, copied it once and for all.
    filerobot.iteratePlugins?.(({ type, opts }) => {
      if (type === 'uploader' && opts?.headers) opts.headers[header] = value
    })
  }

  // First, as it throws where the auth was disposed.
  const unsubscribe = auth.subscribe(follow)
  // A slow key/info for an old key ends by putting the old key back.
  const unwatch = filerobot.store?.subscribe?.(() => {
    const key = follows && known() ? auth.peek()?.value : undefined
    if (key !== undefined && known() !== key) push(key)
  })
  filerobot.addPreProcessor(freshKey)
  follow()

  return () => {
    connected = false
    unsubscribe()
    unwatch?.()
    filerobot.removePreProcessor(freshKey)
  }
}

interface CoreState {
  Core?: { user?: { sassKey?: string } }
}
