import { readJson } from './body.js'
import { ACCESS_KEY } from './claims.js'
import { nowMs } from './clock.js'
import { AuthError, isAuthError } from './errors.js'
import { DEFAULT_BLOCK_MS, MAX_BLOCK_MS } from './limit.js'
import type { Settings } from './options.js'
import { race } from './race.js'
import type { KeyGrant } from './types.js'
import { own } from './untrusted.js'

/** For how long a refused template is not asked for again: somebody has to mend something first. */
const REJECTION_MS = 60_000

/**
 * Asks once for a key. `expiresInSeconds` is as it came: whether it can be a lifetime is for `lifetime.ts` to say.
 *
 * @param hadKeyLately this profile got a key here within the last hour, so that a 403 cannot be the template's fault
 * @param ending ends the request: nobody wants it any more
 * @throws {AuthError} `rate_limited` with `retryAtMs`, `template_rejected`, `network`, `timeout`, `server` or
 *   `malformed_response`
 */
export function requestKey(settings: Settings, hadKeyLately: boolean, ending: AbortSignal): Promise<KeyGrant> {
  // A race, because a `fetch` or `requestKey` of the caller's may not heed the signal.
  return race(
    signal =>
      settings.requestKey ? askCaller(settings.requestKey, signal) : askService(settings, hadKeyLately, signal),
    [ending],
    settings.timeoutMs,
    new AuthError('timeout'),
  )
}

async function askCaller(request: NonNullable<Settings['requestKey']>, signal: AbortSignal): Promise<KeyGrant> {
  const answer: unknown = await request({ signal }).catch((error: unknown) => {
    // Its own words are not repeated: they may hold a key.
    throw isAuthError(error) ? error : new AuthError('network')
  })
  return toGrant(typeof answer === 'string' ? answer : own(answer, 'key'), own(answer, 'expiresInSeconds'))
}

async function askService(settings: Settings, hadKeyLately: boolean, signal: AbortSignal): Promise<KeyGrant> {
  const { keyUrl, isOwnKeyUrl, fetch = globalThis.fetch } = settings
  let response: Response
  let body: unknown
  try {
    // No header of ours: it would cost a preflight.
    response = await fetch(keyUrl, {
      cache: 'no-store',
      credentials: isOwnKeyUrl ? 'same-origin' : 'omit',
      referrerPolicy: 'strict-origin-when-cross-origin',
      signal,
    })
    body = await readJson(response)
  } catch {
    throw new AuthError('network')
  }
  const { ok, status, headers } = response
  const answer = own(body, 'status')
  if (ok && answer === 'success') return toGrant(own(body, 'key'), own(own(body, 'key_validity'), 'expire_duration'))

  const isRefused = answer === 'error' || (status > 399 && status < 500 && status !== 408)
  // How the service words its limit of five a minute, and with which status, is not known.
  const words = ['code', 'msg', 'hint'].map(name => own(body, name)).join()
  const isLimit =
    status === 429 || (isRefused && /limit|too many|throttl|exceed/i.test(words)) || (status === 403 && hadKeyLately)
  const code = isLimit ? 'rate_limited' : isRefused ? 'template_rejected' : ok ? 'malformed_response' : 'server'
  const waitMs = isLimit ? retryAfterMs(headers.get('Retry-After')) : REJECTION_MS
  throw new AuthError(code, { status, retryAtMs: isLimit || isRefused ? nowMs() + waitMs : undefined })
}

/** `Retry-After` in seconds or as a date; a browser can read it across origins only if the service exposes it. */
function retryAfterMs(header: string | null): number {
  const waitMs = Number(header) * 1000 || Date.parse(`${header}`) - nowMs()
  return waitMs > 0 ? Math.min(waitMs, MAX_BLOCK_MS) : DEFAULT_BLOCK_MS
}

function toGrant(key: unknown, expiresInSeconds: unknown): KeyGrant {
  if (typeof key !== 'string' || !ACCESS_KEY.test(key)) throw new AuthError('malformed_response')
  return { key, expiresInSeconds: expiresInSeconds as number }
}
