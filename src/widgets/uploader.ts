import type { ConnectableAuth } from '../connectable.js'
import { type AuthError, isAuthError } from '../errors.js'
import type { Auth } from '../types.js'
import { invalid } from './api-address.js'
import { KEY_HEADER } from './key-header.js'
import type { ApiClient, UploaderCore, UploaderPlugin } from './uploader-core.js'
import { guardRequests } from './uploader-requests.js'
import { type Connection, guardUploads } from './uploader-uploads.js'
import { visitorWords } from './visitor-words.js'

/** What {@link connectUploader} takes. */
export interface UploaderOptions {
  /** The instance has its first key, and knows what it permits. Called once. */
  onReady?: (() => void) | undefined
  /** No key can be had at the moment; `auth` goes on trying where that makes sense. May be called again. */
  onError?: ((error: AuthError) => void) | undefined
  /** How long a key must still be good when a file is sent; of a short key a quarter of its life. @default 15_000 */
  minValidityMs?: number | undefined
  /** What the widget shows a visitor when there is no key. @default English words with the code and the next try */
  describe?: ((error: AuthError) => string) | undefined
}

/** A core throws in the Explorer's constructor without a key: this stands for the one that is to come. */
const PENDING = 'pending'

const connected = new WeakSet<UploaderCore>()

/**
 * Gives a live uploader the key when it comes, and each later one. Files and requests are sent with a key that is good
 * when they go, and once more when it is refused all the same: the widget hears of the second refusal only. When no key
 * can be had the widget says so, and goes on when one comes.
 *
 * Build the core without `securityTemplateId` and `sassKey`, and connect it before `use(Explorer)`. The first key makes
 * the core call `key/info?key=…`: its own call, which tells it what is permitted. No other URL holds a key, and no later
 * key is announced that way.
 *
 * @example
 * ```ts
 * const filerobot = Filerobot({ container: 'fusqadtm' })
 * const disconnect = connectUploader(auth, filerobot)
 * filerobot.use(XHRUpload).use(Explorer, { target: '#uploader', inline: true })
 * ```
 * @returns a function that ends the connection; the instance keeps the key that it has
 * @throws {AuthError} `invalid_options` when `filerobot` is not such an instance, is connected already, or fetches keys
 *   of its own
 */
export function connectUploader(auth: Auth, filerobot: UploaderCore, options: UploaderOptions = {}): () => void {
  if (typeof filerobot?.initUserAuthState !== 'function' || typeof filerobot.addPreProcessor !== 'function') {
    throw invalid('filerobot', 'must be a live instance of @filerobot/core')
  }
  if (filerobot.opts.securityTemplateId) {
    throw invalid('securityTemplateId', 'must be left out of the uploader: with it the widget fetches keys of its own')
  }
  if (connected.has(filerobot)) throw invalid('filerobot', 'is connected already: disconnect it first')
  const { onReady, onError, minValidityMs = 15_000, describe: inWords = visitorWords } = options
  const { opts } = filerobot
  const hidden = auth as ConnectableAuth
  const endings: (() => unknown)[] = []
  let isConnected = true
  let isIntroduced = false // the core was given its first key
  let follows = false // the core's store takes a key without asking key/info
  let isTroubled = false // the widget shows that there is no key
  let isStarved = false // the widget shows nothing where there should be something

  const lacking = new Set<string>()
  /** An internal is not there: the connection goes on in the plain way, and says so once. */
  const lacks = (missing: string) => {
    if (!lacking.has(missing)) hidden.emit?.({ type: 'widget_degraded', widget: 'uploader', missing })
    lacking.add(missing)
  }

  const origins = new Set<string>()
  const originOf = (url: string) => new URL(url, location.href).origin
  const keyAtOnce = (url: string) => origins.has(originOf(url)) && auth.peek()?.value
  const keyFor = async (url: string) => {
    // Nothing is sent: `sign` knows where the key may go.
    await auth.sign(originOf(url))
    origins.add(originOf(url))
    const { expiresAtMs, obtainedAtMs } = await auth.getKey()
    return (await auth.getKey({ minValidityMs: Math.min(minValidityMs, (expiresAtMs - obtainedAtMs) / 4) })).value
  }
  const connection: Connection = { auth: hidden, filerobot, keyAtOnce, keyFor, inWords }

  const known = () => (filerobot.getGlobalState?.() as CoreState | undefined)?.Core?.user?.sassKey
  const showLoading = (loading: boolean) => filerobot.setCoreCommonState?.({ loading })

  const push = (key: string) => {
    if (known() === key && filerobot.opts.sassKey === key) return
    follows = false // the store's listeners run within the dispatch
    filerobot.dispatch?.({ type: 'Core/user/userUpdated', payload: { sassKey: key } })
    follows = known() === key
    if (follows) {
      // A nested asset picker takes the key from here.
      filerobot.opts.sassKey = key
      filerobot.emit?.('sass-key-obtained', key)
    } else lacks('userUpdated')
    // With the same key as in `opts` it only tells the plugins; with another it asks key/info.
    filerobot.setOptions({ sassKey: key })
  }

  const complain = (error: AuthError) => {
    isTroubled = true
    // While it is loading it shows no message.
    showLoading(false)
    filerobot.info?.(inWords(error), 'error', 0)
    onError?.(error)
  }

  const introduce = async () => {
    isIntroduced = true
    isStarved = false
    showLoading(true)
    try {
      const key = await keyFor(filerobot.opts.apiEndpoint!)
      if (!isConnected) return
      filerobot.opts.sassKey = key
      // Failing is not fatal: the list works with a key that key/info did not confirm.
      await Promise.resolve(filerobot.initUserAuthState(key)).catch(() => {})
      if (!isConnected) return
      // key/info may have failed, or been overtaken by a renewal.
      push(auth.peek()?.value ?? key)
      showLoading(false)
      onReady?.()
    } catch (error) {
      // The key may not go there, or was given up meanwhile.
      isIntroduced = false
      if (isConnected && isAuthError(error)) complain(error)
      else throw error
    }
  }

  const follow = () => {
    const key = auth.peek()?.value
    const { error } = auth.state
    if (key) {
      if (isTroubled) filerobot.hideInfo?.()
      isTroubled = false
      if (!isIntroduced) return void introduce()
      push(key)
      if (!isStarved) return
      // What had to be given up for want of a key is asked for anew.
      isStarved = false
      showLoading(true)
      setTimeout(showLoading, 0, false)
    } else if (error) complain(error)
  }

  const guarded = new Set<UploaderPlugin>()
  const guardPlugins = () =>
    filerobot.iteratePlugins?.(plugin => {
      if (plugin.type !== 'uploader' || guarded.has(plugin)) return
      guarded.add(plugin)
      const { upload, getOptions } = plugin
      if (upload && getOptions && filerobot.getFileUploading && filerobot.emit) {
        endings.push(guardUploads(connection, plugin as Required<UploaderPlugin>))
      } else lacks('upload')
    })

  /** A fresh key before a batch, for what sends its files by itself: in one bundle, or in a way that is not known. */
  const beforeBatch = async () => {
    guardPlugins()
    // Without one the plugin says what the service makes of it.
    const key = await keyFor(filerobot.opts.apiEndpoint!).catch(() => '')
    if (!isConnected || !key) return
    if (isIntroduced) push(key)
    for (const { opts } of guarded) {
      // Built after the first key, without `uploaderHeaders`, it copied that once and for all.
      if (opts?.headers) opts.headers[KEY_HEADER] = key
    }
  }

  // First, as it throws where the auth was disposed.
  endings.push(auth.subscribe(follow), () => connected.delete(filerobot))
  connected.add(filerobot)
  const { sassKeyRenewerEnabled } = opts
  // It would ask for keys by itself.
  opts.sassKeyRenewerEnabled = false
  filerobot._sassKeyRenewerUnsubscribe?.()
  opts.sassKey ||= PENDING
  showLoading(true)

  const client = clientOf(filerobot)
  if (client)
    endings.push(
      guardRequests(
        connection,
        client,
        () => (isStarved = true),
        () => lacks('key/info'),
      ),
    )
  else lacks('apiClient')
  guardPlugins()
  filerobot.on?.('plugins-updated', guardPlugins)
  filerobot.addPreProcessor(beforeBatch)
  // A slow key/info for an old key ends by putting the old key back.
  const unwatch = filerobot.store?.subscribe?.(() => {
    const key = follows && known() ? auth.peek()?.value : undefined
    if (key && known() !== key) push(key)
  })
  follow()

  return () => {
    if (!isConnected) return
    isConnected = false
    for (const end of endings) end()
    unwatch?.()
    filerobot.off?.('plugins-updated', guardPlugins)
    filerobot.removePreProcessor(beforeBatch)
    if (isTroubled) filerobot.hideInfo?.()
    const { opts } = filerobot
    if (opts.sassKey === PENDING) opts.sassKey = undefined
    showLoading(false)
    opts.sassKeyRenewerEnabled = sassKeyRenewerEnabled
    if (sassKeyRenewerEnabled) filerobot._sassKeyRenewerUnsubscribe = filerobot.sassKeyRenewer?.subscribe?.()
  }
}

/** The core's API client: what its thunks are given besides the store. */
function clientOf(filerobot: UploaderCore): ApiClient | undefined {
  let client: Partial<ApiClient> | undefined
  try {
    filerobot.dispatch?.((_dispatch: unknown, _getState: unknown, extra?: { apiClient?: ApiClient }) => {
      client = extra?.apiClient
    })
  } catch {
    // A store without thunks takes no function.
  }
  return client?._send && (client as ApiClient)
}

interface CoreState {
  Core?: { user?: { sassKey?: string } }
}
