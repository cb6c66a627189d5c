import { readJson } from './body.js'
import { ACCESS_KEY } from './claims.js'
import { nowMs } from './clock.js'
import { AuthError, isAuthError } from './errors.js'
import { DEFAULT_BLOCK_MS, MAX_BLOCK_MS } from './limit.js'
import type { Settings } from './options.js'
import { race } from './race.js'
import type { KeyGrant } from './types.js'
import { isText, own } from './untrusted.js'

/** For how long a refused template is not asked for again: somebody has to mend something first. */
const REJECTION_MS = 60_000

/** How many requests of this page's were refused in a row because of a limit. */
let refusals = 0

/**
 * Asks once for a key. `expiresInSeconds` is as it came: whether it can be a lifetime is for `lifetime.ts` to say.
 *
 * @param hadKeyLately this profile got a key here within the last hour, so that a 403 cannot be the template's fault
 * @param ending ends the request: nobody wants it any more
 * @throws {AuthError} `rate_limited` with `retryAtMs`, `template_rejected`, `network`, `timeout`, `server` or
 *   `malformed_response`
 */
export async function requestKey(settings: Settings, hadKeyLately: boolean, ending: AbortSignal): Promise<KeyGrant> {
  const ask = settings.requestKey
  try {
    // A race, because a function of the caller's may not heed the signal.
    return await race(
      async signal => {
        if (!ask) return askService(settings, hadKeyLately, signal)
        const answer: unknown = await ask({ signal })
        return toGrant(own(answer, 'key') ?? answer, own(answer, 'expiresInSeconds'))
      },
      [ending],
      settings.timeoutMs,
    )
  } catch (error) {
    if (!isAuthError(error)) throw new AuthError('network')
    // Words of the caller's are not repeated: they may hold a key.
    throw ask ? new AuthError(error.code, undefined, error) : error
  }
}

/** @throws {AuthError} `malformed_response` for what is no access key */
function toGrant(key: unknown, lifetimeSeconds: unknown): KeyGrant {
  if (!isText(key, ACCESS_KEY)) throw new AuthError('malformed_response')
  return { key, expiresInSeconds: lifetimeSeconds as number }
}

async function askService(settings: Settings, hadKeyLately: boolean, signal: AbortSignal): Promise<KeyGrant> {
  const { fetch = globalThis.fetch } = settings
  // No header of ours: it would cost a preflight.
  const response = await fetch(settings.keyUrl, {
    cache: 'no-store',
    credentials: settings.credentials,
    referrerPolicy: 'strict-origin-when-cross-origin',
    signal,
  })
  const body = await readJson(response)
  const { ok, status } = response
  const answer = own(body, 'status')
  if (ok && answer === 'success') {
    refusals = 0
    return toGrant(own(body, 'key'), own(own(body, 'key_validity'), 'expire_duration'))
  }

  const isError = answer === 'error' || (status > 399 && status < 500)
  const isRefused = isError && status < 500 && status !== 408
  // How the service words its limit of five a minute, and with which status, is not known. Texts alone: JSON may hold
  // what cannot be made one.
  const saysLimit = ['code', 'msg', 'hint'].some(name => isText(own(body, name), /limit|too many|exceed/i))
  const isLimit = status === 429 || (isError && saysLimit) || (status === 403 && hadKeyLately)
  const code = isLimit ? 'rate_limited' : isRefused ? 'template_rejected' : ok ? 'malformed_response' : 'server'
  const waitMs = isLimit ? blockMs(response.headers.get('Retry-After')) : REJECTION_MS
  throw new AuthError(code, `${code}: HTTP ${status} for templateId`, {
    status,
    retryAtMs: isLimit || isRefused ? nowMs() + waitMs : undefined,
  })
}

/**
 * For how long the service is left alone after it said "too many": as long as it said, or a minute. After each further
 * refusal in a row up to two minutes more, by chance: browsers behind one address would come back in step else, and
 * where refused calls count too none of them would ever have a key. See `docs/scale.md`.
 *
 * @param retryAfter seconds or a date; a browser can read it across origins only if the service exposes it
 */
function blockMs(retryAfter: string | null): number {
  const toldMs = Number(retryAfter) * 1000 || Date.parse(retryAfter as string) - Date.now()
  return Math.min(
    MAX_BLOCK_MS,
    // Whole, or a timer that is cut to whole milliseconds would come before it is time.
    Math.ceil((toldMs > 0 ? toldMs : DEFAULT_BLOCK_MS) + Math.random() * refusals++ * 2 * DEFAULT_BLOCK_MS),
  )
}
