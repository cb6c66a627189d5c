import type { ConnectableAuth } from '../../connectable.js'
import type { AuthError } from '../../errors.js'
import { invalid } from '../../options.js'
import type { Auth } from '../../types.js'
import { KEY_HEADER } from '../key-header.js'
import type { ApiClient, UploaderCore, UploaderPlugin } from './core.js'
import { guardRequests } from './requests.js'
import { guardUploads } from './uploads.js'
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
  if (!filerobot?.initUserAuthState) throw invalid('filerobot', 'a live @filerobot/core')
  const { onReady, onError, minValidityMs = 15_000, describe: inWords = visitorWords } = options
  const { securityTemplateId, sassKeyRenewerEnabled } = filerobot.opts
  if (securityTemplateId) throw invalid('securityTemplateId', 'none in the uploader')
  if (connected.has(filerobot)) throw invalid('filerobot', 'an unconnected one')
  const connectable = auth as ConnectableAuth
  let isConnected = true
  let isIntroduced = false // the core was given its first key
  let isTroubled = false // the widget shows that there is no key

  const lacking = new Set<string>()
  /** An internal is not there: the connection goes on in the plain way, and says so once. */
  const lacks = (missing: string) => {
    if (!lacking.has(missing)) connectable.emit?.({ type: 'widget_degraded', widget: 'uploader', missing })
    lacking.add(missing)
  }
  const showLoading = (loading: boolean) => filerobot.setCoreCommonState?.({ loading })
  const complain = (error: AuthError) => {
    isTroubled = true
    // While it is loading it shows no message.
    showLoading(false)
    filerobot.info(inWords(error), 'error', 0)
    onError?.(error)
  }
  const fresh = async () => {
    const { expiresAtMs, obtainedAtMs } = await auth.getKey()
    return auth.getKey({ minValidityMs: Math.min(minValidityMs, (expiresAtMs - obtainedAtMs) / 4) })
  }

  const plugins = new Set<UploaderPlugin>()
  const push = (key: string) => {
    if (filerobot.opts.sassKey === key) return
    if (client) {
      // A nested asset picker takes the key from here.
      filerobot.opts.sassKey = key
      filerobot.dispatch({ type: 'Core/user/userUpdated', payload: { sassKey: key } })
      filerobot.emit('sass-key-obtained', key)
    }
    for (const { opts } of plugins) {
      // Built after the first key, without `uploaderHeaders`, it copied that once and for all.
      if (opts?.headers) opts.headers[KEY_HEADER] = key
    }
    // With the same key as in `opts` it only tells the plugins; with another it asks key/info.
    filerobot.setOptions({ sassKey: key })
  }

  const introduce = async () => {
    isIntroduced = true
    showLoading(true)
    try {
      // Nothing is sent: `sign` knows where the key may go.
      const { headers } = await auth.sign(filerobot.opts.apiEndpoint!)
      if (!isConnected) return
      const key = headers.get(KEY_HEADER)!
      filerobot.opts.sassKey = key
      await filerobot.initUserAuthState(key)
      if (!isConnected) return
      // Its answer brings back the key that it was asked about, whatever came meanwhile.
      const { sassKey } = filerobot.opts
      filerobot.opts.sassKey = key
      push(sassKey)
    } catch (error) {
      // The key may not go there, or was given up meanwhile.
      isIntroduced = false
      if (isConnected) complain(error as AuthError)
      return
    }
    showLoading(false)
    // Outside, as what it throws is the host's.
    onReady?.()
  }

  const follow = () => {
    const key = auth.peek()?.value
    const { error } = auth.state
    if (!key) return error && complain(error)
    const wasTroubled = isTroubled
    isTroubled = false
    if (wasTroubled) filerobot.hideInfo()
    if (!isIntroduced) return void introduce()
    push(key)
    if (!wasTroubled) return
    // What had to be given up for want of a key is asked for anew.
    showLoading(true)
    setTimeout(showLoading, 0, false)
  }

  const guardPlugins = () =>
    filerobot.iteratePlugins(plugin => {
      if (plugin.type !== 'uploader' || plugins.has(plugin)) return
      plugins.add(plugin)
      if (plugin.upload && plugin.getOptions && filerobot.getFileUploading) {
        endings.push(guardUploads(connectable, filerobot, plugin as Required<UploaderPlugin>, fresh, inWords))
      } else lacks('upload')
    })

  /** For what sends its files by itself: in one bundle, or in a way that is not known. Without a key it says so itself. */
  const beforeBatch = () => fresh().catch(() => {})

  // First, as it throws where the auth was disposed.
  const endings = [auth.subscribe(follow)]
  connected.add(filerobot)
  // It would ask for keys by itself.
  filerobot.opts.sassKeyRenewerEnabled = false
  filerobot._sassKeyRenewerUnsubscribe?.()
  filerobot.opts.sassKey ||= PENDING
  showLoading(true)

  const client = clientOf(filerobot)
  if (client) endings.push(guardRequests(connectable, client, inWords, () => lacks('key/info')))
  else lacks('apiClient')
  guardPlugins()
  filerobot.on('plugins-updated', guardPlugins)
  filerobot.addPreProcessor(beforeBatch)
  follow()

  return () => {
    if (!isConnected) return
    isConnected = false
    connected.delete(filerobot)
    endings.forEach(end => end())
    filerobot.off('plugins-updated', guardPlugins)
    filerobot.removePreProcessor(beforeBatch)
    if (isTroubled) filerobot.hideInfo()
    showLoading(false)
    if (filerobot.opts.sassKey === PENDING) filerobot.opts.sassKey = undefined
    filerobot.opts.sassKeyRenewerEnabled = sassKeyRenewerEnabled
    if (sassKeyRenewerEnabled) filerobot._sassKeyRenewerUnsubscribe = filerobot.sassKeyRenewer?.subscribe?.()
  }
}

/** The core's API client: what its thunks are given besides the store. */
function clientOf(filerobot: UploaderCore): ApiClient | undefined {
  let client: Partial<ApiClient> | undefined
  try {
    filerobot.dispatch((_: unknown, __: unknown, extra: { apiClient?: ApiClient }) => {
      client = extra.apiClient
    })
  } catch {
    // A store without thunks takes no function.
  }
  return client?._send && (client as ApiClient)
}
