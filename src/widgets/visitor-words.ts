import type { AuthError } from '../errors.js'

/** What a visitor is told when there is no key. */
export function visitorWords({ code, retryAtMs }: AuthError): string {
  const next = retryAtMs ? ` The next try is at ${new Date(retryAtMs).toLocaleTimeString()}.` : ''
  return `There is no access to the media library at the moment (${code}).${next}`
}
