import type { Settings } from '../options.js'
import { isSecureUrl } from '../origin.js'

/** What decides whether a request is signed. */
export type SignableRequest = Pick<Request, 'method' | 'mode' | 'destination' | 'cache' | 'url'> & {
  headers: Pick<Headers, 'has'>
}
export type SigningRule = Pick<Settings, 'allowedOrigins' | 'apiBase' | 'keyUrl'>

/** Documents of every kind, also those in frames: what a visitor goes to. */
const NAVIGATED = /^(document|i?frame|fencedframe|embed|object)$/

/**
 * Whether the worker signs a request: a GET or HEAD without the header, to an origin that the key may go to, which is
 * neither a navigation nor about keys.
 */
export function isToBeSigned({ method, mode, destination, cache, url, headers }: SignableRequest, rule: SigningRule) {
  if (!/^(GET|HEAD)$/.test(method) || headers.has('X-Filerobot-Key')) return false
  if (mode === 'navigate' || NAVIGATED.test(destination)) return false
  // Developer tools ask in this way; a worker cannot ask the same.
  if (cache === 'only-if-cached') return false
  const address = new URL(url)
  return isSecureUrl(address) && rule.allowedOrigins.includes(address.origin) && !isKeyUrl(address, rule)
}

/** Whether a URL is the configured key URL, or another under `/key` of the API, such as `/{token}/v4/key/info`. */
function isKeyUrl(url: URL, { apiBase, keyUrl }: SigningRule): boolean {
  const key = new URL(keyUrl)
  const isSameAddress = url.origin === key.origin && plainPath(url) === plainPath(key)
  // An endpoint may do several things and tell them apart by its query.
  if (isSameAddress && [...key.searchParams].every(([name, value]) => url.searchParams.getAll(name).includes(value))) {
    return true
  }
  const base = new URL(apiBase)
  const basePath = plainPath(base).replace(/\/$/, '')
  const path = plainPath(url)
  if (url.origin !== base.origin || !path.startsWith(`${basePath}/`)) return false
  return /^\/[^/]+(\/v\d+)?\/key(\/|$)/i.test(path.slice(basePath.length))
}

/** A path as a server may read it: escapes resolved, no empty segments. */
function plainPath({ pathname }: URL): string {
  let path = pathname
  try {
    path = decodeURIComponent(pathname)
  } catch {
    // A lone `%` stands for itself.
  }
  return path.replace(/\/{2,}/g, '/')
}

/** For a request without CORS, such as an `<img>`'s: what may be repeated in one with the key. */
const HARMLESS_HEADERS = ['Accept', 'Accept-Language', 'Range']

/**
 * What makes of a page's request one that can carry a header. Everything that is not named here is the request's own:
 * its cache mode, its signal, its priority.
 */
export function signableInit({ mode, headers, referrer, referrerPolicy }: Request): RequestInit {
  const init: RequestInit = {
    // Any change would empty the first and reset the second.
    referrer,
    referrerPolicy,
    // The page checks what it is given; here a refusal would count as damaged, and could not be read.
    integrity: '',
  }
  if (mode !== 'no-cors') return init
  const harmless = HARMLESS_HEADERS.flatMap(name => {
    const value = headers.get(name)
    return value === null ? [] : ([[name, value]] as [string, string][])
  })
  // Cookies of the other origin stay away: with them, a service that allows every page could not answer.
  return { ...init, mode: 'cors', credentials: 'same-origin', headers: harmless }
}
