import { callHost } from './host.js'
import type * as core from './index.js'
import { AuthError, createAuth, decodeAccessKey, isAuthError } from './index.js'
import type * as widgets from './widgets/index.js'
import { connectImageEditor, connectSpin, connectUploader, uploaderHeaders } from './widgets/index.js'

/** What a script tag makes available as `FilerobotAuth`: the whole library, and what its attributes asked for. */
export type FilerobotAuthGlobal = typeof core &
  typeof widgets & {
    /** The auth of the first script tag; absent where there is none, and where its attributes are wrong. */
    auth: core.Auth | undefined
    /** The auth of the first script tag with this `data-template`. */
    get(templateId: string): core.Auth | undefined
    /**
     * The first key of `auth`, however late; rejects with `invalid_options` only, when attributes are wrong. To ask for
     * it is a use: a tag with `data-lazy` begins.
     */
    readonly ready: Promise<core.AccessKey>
    /** Reads script tags that were not read yet, and calls each of `calls`. Before this file is loaded, they wait. */
    push(...calls: ((api: FilerobotAuthGlobal) => void)[]): void
  }

declare global {
  var FilerobotAuth: FilerobotAuthGlobal
}

let settleReady: (key: core.AccessKey | Promise<never>) => void
const ready = new Promise<core.AccessKey>(resolve => {
  settleReady = resolve
})
// Whoever asks for it is told. Nobody has to.
ready.catch(() => {})
let startFirst = () => {}

/** What the tags that were read say, as text: two that say the same are one. */
const seen = new Set<string>()
/** By template; the first of each. Without a prototype, as `get` may be asked for anything. */
const auths: Record<string, core.Auth | undefined> = Object.create(null)

// Not `document.currentScript`: modules have none, and an element with that name in the page hides it.
const readTags = () =>
  document.querySelectorAll<HTMLScriptElement>('script[data-token]').forEach(({ dataset }) => {
    const said = JSON.stringify(dataset)
    // What the element lacks would come from `Object.prototype`.
    if (!seen.has(said)) readTag(Object.assign(Object.create(null), dataset), !seen.size)
    seen.add(said)
  })

function readTag(attributes: DOMStringMap, isFirst: boolean): void {
  const { token, template: templateId, apiBase, keyUrl, storage, allowedOrigins, lazy } = attributes
  let auth: core.Auth | undefined
  let told: core.AuthState | undefined
  let hasBegun = false
  let isReady = false
  /** Tells the page, with what tells several tags apart, and never with the key's value. */
  const announce = (type: 'ready' | 'change' | 'error', detail: object) =>
    document.dispatchEvent(new CustomEvent(`filerobot-auth:${type}`, { detail: { token, templateId, ...detail } }))
  const tell = (state: core.AuthState) => {
    if (state === told) return
    told = state
    const { status, key, error } = state
    if (error) announce('error', { error })
    announce('change', { status })
    if (!key || isReady) return
    isReady = true
    if (isFirst) settleReady(key)
    announce('ready', { auth })
  }
  const begin = () => {
    if (!auth || hasBegun) return
    hasBegun = true
    // For as long as the page lives: the key is kept good for whoever comes.
    auth.subscribe(tell)
    // Another auth of the page may have had it before.
    if (auth.peek()) tell(auth.state)
  }
  const start = () => {
    if (!(document as { prerendering?: boolean }).prerendering) begin()
    else document.addEventListener('prerenderingchange', begin)
  }
  try {
    auth = createAuth({
      token: token!,
      templateId,
      apiBase,
      keyUrl,
      storage: storage as 'memory' | undefined,
      allowedOrigins: allowedOrigins?.match(/[^\s,]+/g) as string[] | undefined,
      // Somebody uses it: what a lazy tag and a prerendered page wait for.
      onEvent: begin,
    })
    auths[templateId!] ??= auth
    if (isFirst) {
      api.auth = auth
      startFirst = start
    }
    if (lazy === undefined) start()
  } catch (error) {
    // The host page must not break because of an attribute.
    console.error(`filerobot-widget-auth: ${(error as Error).message}`)
    if (isFirst) settleReady(Promise.reject(error))
    announce('error', { error })
  }
}

// Names and no `import * as`: an object of a whole module costs a hundred bytes of getters.
const api: FilerobotAuthGlobal = {
  AuthError,
  createAuth,
  decodeAccessKey,
  isAuthError,
  connectImageEditor,
  connectSpin,
  connectUploader,
  uploaderHeaders,
  auth: undefined,
  get: templateId => auths[templateId],
  get ready() {
    startFirst()
    return ready
  },
  push(...calls) {
    readTags()
    calls.forEach(call => callHost(call, api))
  },
}

/** The library itself; or a queue of calls, or whatever the page has under this name. */
const before = globalThis.FilerobotAuth as FilerobotAuthGlobal | undefined
// Loaded once more, for another tag: the first one serves both.
if (before?.createAuth) before.push()
else {
  globalThis.FilerobotAuth = api
  api.push(...(Array.isArray(before) ? before : []))
  // A module is run once, however many tags name it.
  document.addEventListener('DOMContentLoaded', readTags)
}
