import type { AuthError } from '../../errors.js'

/** What a visitor is told when there is no key. */
export function visitorWords({ code, retryAtMs }: AuthError): string {
  const next = retryAtMs ? ` Next try: ${new Date(retryAtMs).toLocaleTimeString()}.` : ''
  return `No access to the media library (${code}).${next}`
}
