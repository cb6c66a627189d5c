import { nowMs } from '../clock.js'
import { callHost } from '../host.js'
import { invalid, readOptions } from '../options.js'
import type { AuthOptions, KeyStorage } from '../types.js'
import { type Authorize, refuse } from './admission.js'
import { failureAnswer, keyAnswer } from './answer.js'
import { sendFromServer } from './send.js'
import { createSharedKey } from './shared-key.js'

/** What {@link createKeyHandler} takes. */
export interface KeyHandlerOptions
  extends Pick<
    AuthOptions,
    'token' | 'apiBase' | 'defaultLifetimeSeconds' | 'maxKeyRequestsPerMinute' | 'fetch' | 'onEvent'
  > {
  /** Security Template identifier, `'SECU_'` and 32 hexadecimal digits. */
  templateId: string
  /**
   * Whether who asks may have the key, for example by a session cookie. `true` alone means yes. Anything else is
   * answered 401, and a `Response` is sent as it is, whatever its status. What it throws is written to the console and
   * answered 500. `'everyone'` leaves the endpoint open to everybody who can reach it.
   */
  authorize: Authorize | 'everyone'
  /**
   * Origins of pages, besides the endpoint's own, that may ask: https, or http to this machine. Their requests carry no
   * cookies. No wildcards. @default none
   */
  allowedOrigins?: string[] | undefined
  /** A store that several servers share: they share one key then. @default the memory of this process */
  storage?: KeyStorage | undefined
  /** How long one request to the service may take. Less than that of the browsers who wait for it. @default 8_000 */
  timeoutMs?: number | undefined
}

/** What a platform gives to a request besides, as far as it is used here. */
export interface KeyHandlerContext {
  /** Keeps work going when the visitor who began it has left: an edge platform's. */
  waitUntil?(work: Promise<unknown>): void
}

/** Answers a request for a key. Never rejects. */
export type KeyHandler = (request: Request, context?: KeyHandlerContext) => Promise<Response>

/**
 * A key endpoint of your own: what `keyUrl` of `createAuth` points to. It keeps one key for all visitors, asks the
 * service for it once however many wait, and for the next one at half of its life; and answers as `/key` does. Nothing
 * runs before the first request.
 *
 * @example
 * ```ts
 * const handleKey = createKeyHandler({ token: 'fusqadtm', templateId: 'SECU_…', authorize: request => isSignedIn(request) })
 * const response = await handleKey(request)
 * ```
 * @throws {AuthError} `invalid_options`, naming the option
 */
export function createKeyHandler(options: KeyHandlerOptions): KeyHandler {
  const { authorize, onEvent, storage = 'memory' as const, timeoutMs = 8000, fetch } = options
  // A site may have one object of options for both sides: it is the service that is asked here.
  const own = { storage, timeoutMs, fetch: sendFromServer(fetch), keyUrl: undefined, requestKey: undefined } as const
  const settings = readOptions({ ...options, ...own }, undefined)
  // Nobody opens it by leaving something out.
  if (typeof authorize !== 'function' && authorize !== 'everyone')
    throw invalid('authorize', "a function or 'everyone'")
  // The first one is that of the API, to which browsers send the key.
  const allowedOrigins = settings.allowedOrigins.slice(1)
  const sharedKey = createSharedKey(settings, event => onEvent && callHost(onEvent, { ...event, atMs: nowMs() }))

  return async (request, context) => {
    const origin = request.headers.get('Origin') ?? ''
    const isAllowedPage = allowedOrigins.includes(origin)
    const answer =
      (await refuse(request, isAllowedPage, authorize)) ??
      (await sharedKey(context?.waitUntil && (work => context.waitUntil?.(work))).then(keyAnswer, failureAnswer))
    if (isAllowedPage) {
      answer.headers.set('Access-Control-Allow-Origin', origin)
      answer.headers.set('Access-Control-Expose-Headers', 'Retry-After')
    }
    return request.method === 'HEAD' ? new Response(null, answer) : answer
  }
}
