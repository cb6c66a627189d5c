import { createAuth } from '../auth.js'
import { readOptions } from '../options.js'
import type { Auth, AuthOptions } from '../types.js'
import { isToBeSigned, signableInit } from './signing.js'

/** A service worker's `FetchEvent`, as far as it is used here. */
export interface FetchEventLike {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

/** What {@link createFetchHandler} returns. */
export interface FetchHandler {
  /** The worker's auth: it shares its key with the pages. */
  readonly auth: Auth
  /**
   * Answers the event where its request is to be signed. Bound.
   *
   * @returns whether it called `respondWith`: otherwise the event is yours
   */
  handleFetch(event: FetchEventLike): boolean
}

/** A first key takes no longer as a rule. */
const PATIENCE_MS = 1000

/**
 * Signing for a service worker of your own. Give it the options that the pages give to `createAuth`: the same ones make
 * the same key. A relative `keyUrl` is relative to the worker.
 *
 * @example
 * ```ts
 * const { handleFetch } = createFetchHandler({ token: 'fusqadtm', templateId: 'SECU_…' })
 * self.addEventListener('fetch', event => {
 *   if (handleFetch(event)) return
 *   // yours
 * })
 * ```
 * @throws {AuthError} `invalid_options`, naming the option
 */
export function createFetchHandler(options: AuthOptions): FetchHandler {
  const settings = readOptions(options, globalThis.location?.href)
  const { keyUrl } = settings
  const auth = createAuth(options.keyUrl ? { ...options, keyUrl } : options)
  // A worker has the policy that its own file came with, which may forbid what the page may load.
  globalThis.addEventListener?.('securitypolicyviolation', ({ blockedURI, disposition }) => {
    const { allowedOrigins } = settings
    const blocked = allowedOrigins.find(origin => `${blockedURI}/`.startsWith(`${origin}/`))
    if (!blocked || disposition !== 'enforce') return
    settings.allowedOrigins = allowedOrigins.filter(origin => origin !== blocked)
    console.error(`filerobot-widget-auth: connect-src of the worker's file must allow ${blocked}`)
  })
  return {
    auth,
    handleFetch(event) {
      const { request } = event
      // At once: after an `await` it would be too late to answer.
      const isSigned = isToBeSigned(request, settings)
      if (isSigned) event.respondWith(answer(auth, request, settings.fetch ?? fetch))
      return isSigned
    },
  }
}

/** The signed answer, or what the page would have got without the worker. */
async function answer(auth: Auth, request: Request, send: typeof fetch): Promise<Response> {
  const init = signableInit(request)
  try {
    if (!auth.peek()) {
      const key = auth.getKey({ signal: request.signal })
      if (await isLate(key)) {
        // Nobody has to wait for a key to see what is public.
        const response = await send(request, init).catch(() => undefined)
        if (response?.ok) return response
        void response?.body?.cancel()
      }
      await key
    }
    return await auth.fetch(request, init)
  } catch {
    // No key, a redirect, no CORS, off line: the browser knows what to do.
    return send(request)
  }
}

async function isLate(key: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, PATIENCE_MS, true)
  })
  const settled = key.then(
    () => false,
    () => false,
  )
  try {
    return await Promise.race([settled, late])
  } finally {
    clearTimeout(timer)
  }
}
