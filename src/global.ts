import type * as core from './index.js'
import { AuthError, createAuth, decodeAccessKey, isAuthError } from './index.js'
import type * as widgets from './widgets/index.js'
import { connectImageEditor, connectSpin, connectUploader, uploaderHeaders } from './widgets/index.js'

type ScriptAttributes = { token?: string; template?: string; apiBase?: string }

/** What a script tag makes available as `FilerobotAuth`: the whole library, and what its attributes asked for. */
export type FilerobotAuthGlobal = typeof core &
  typeof widgets & {
    /** The auth of the first script tag; absent where its attributes were wrong. */
    auth: core.Auth | undefined
    /** Resolves with the first key, however late; rejects with `invalid_options` only, when attributes are wrong. */
    ready: Promise<core.AccessKey>
  }

/** Tells the page, with what tells several scripts apart, and never with the key's value. */
function announce(type: 'ready' | 'change' | 'error', { token, template }: ScriptAttributes, detail: object): void {
  document.dispatchEvent(
    new CustomEvent(`filerobot-auth:${type}`, { detail: { token, templateId: template, ...detail } }),
  )
}

function start(attributes: ScriptAttributes): Pick<FilerobotAuthGlobal, 'auth' | 'ready'> {
  const { token = '', template, apiBase } = attributes
  try {
    const auth = createAuth({ token, templateId: template, apiBase })
    const ready = new Promise<core.AccessKey>(resolve => {
      let isReady = false
      // Subscribed for as long as the page lives: the key is kept good for whoever comes.
      auth.subscribe(({ status, key, error }) => {
        if (error) announce('error', attributes, { error })
        announce('change', attributes, { status })
        if (!key || isReady) return
        isReady = true
        resolve(key)
        announce('ready', attributes, { auth })
      })
    })
    return { auth, ready }
  } catch (error) {
    // The host page must not break because of an attribute: whoever asks for the key is told, and the console.
    console.error(`filerobot-widget-auth: ${(error as Error).message}`)
    announce('error', attributes, { error })
    const ready = Promise.reject<core.AccessKey>(error)
    ready.catch(() => {})
    return { auth: undefined, ready }
  }
}

// Not `document.currentScript`: modules have none, and an element with that name in the page hides it.
const script = document.querySelector<HTMLScriptElement>('script[data-token]')
// By name: an object of a whole module costs a hundred bytes of getters.
const library: typeof core & typeof widgets = {
  AuthError,
  createAuth,
  decodeAccessKey,
  isAuthError,
  connectImageEditor,
  connectSpin,
  connectUploader,
  uploaderHeaders,
}
Object.assign(globalThis, { FilerobotAuth: { ...library, ...start({ ...script?.dataset }) } })
