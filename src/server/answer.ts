import { nowMs } from '../clock.js'
import type { AuthError } from '../errors.js'
import type { AccessKey } from '../types.js'

/** Whatever `authorize` looked at, a cache does not know of it. */
const NEVER_STORED = { 'Cache-Control': 'no-store', Vary: '*' }

/** What a key request is answered, in the shape in which `/key` answers. */
function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...NEVER_STORED,
      ...headers,
    },
  })
}

/** A key, and how many whole seconds of its life are left. */
export const keyAnswer = ({ value, expiresAtMs }: AccessKey): Response =>
  json(200, {
    status: 'success',
    key: value,
    key_validity: { expire_duration: Math.floor((expiresAtMs - nowMs()) / 1000) },
  })

export const refusalAnswer = (status: number, code: string, msg: string, headers?: Record<string, string>): Response =>
  json(status, { status: 'error', code, msg }, headers)

/**
 * Why there is no key, with a status that `createAuth` takes for the same: 429 with `Retry-After`, 404 for a template
 * that was refused, and 5xx for what may be over soon. Never 403, which it takes for the limit where it had a key lately.
 */
export function failureAnswer({ code, retryAtMs }: AuthError): Response {
  const status = code === 'rate_limited' ? 429 : code === 'template_rejected' ? 404 : code === 'timeout' ? 504 : 502
  const waitSeconds = Math.ceil((retryAtMs! - nowMs()) / 1000)
  return refusalAnswer(status, code, 'No key can be had from the service at the moment', {
    'Retry-After': `${Math.max(1, waitSeconds)}`,
  })
}

/** Of an answer that is somebody else's: the site's own refusal. */
export function neverStored(answer: Response): Response {
  const copy = new Response(answer.body, answer)
  for (const [name, value] of Object.entries(NEVER_STORED)) copy.headers.set(name, value)
  return copy
}
