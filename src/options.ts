import { AuthError } from './errors.js'
import { isSecureUrl } from './origin.js'
import type { AuthOptions } from './types.js'
import { isText } from './untrusted.js'

const NUMBERS = { defaultLifetimeSeconds: 1200, timeoutMs: 10_000, maxWaitMs: 15_000, maxKeyRequestsPerMinute: 5 }
export const NUMBER_OPTIONS = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]

const DEFAULTS = {
  ...NUMBERS,
  apiBase: 'https://api.filerobot.com',
  allowedOrigins: [],
  storage: 'indexeddb',
}

/** Options that were checked, with defaults. */
export interface Settings extends AuthOptions {
  /** Without a slash at the end. */
  apiBase: string
  keyUrl: string
  /** What tells lifecycles and stored keys apart. */
  identity: string
  /** A site's own endpoint may want its cookies. */
  credentials: 'same-origin' | 'omit'
  /** `apiBase`'s among them. */
  allowedOrigins: string[]
  defaultLifetimeSeconds: number
  timeoutMs: number
  maxWaitMs: number
  maxKeyRequestsPerMinute: number
  storage: NonNullable<AuthOptions['storage']>
}

export const invalid = (option: string, expected: string) =>
  new AuthError('invalid_options', `${option}: expected ${expected}`)

/**
 * Checks options and fills in defaults. An explicit `undefined` keeps the default.
 *
 * @param pageUrl what a relative `keyUrl` is relative to; absent outside a page
 * @throws {AuthError} `invalid_options`, naming the option; the value is never repeated
 */
export function readOptions(input: AuthOptions, pageUrl: string | undefined): Settings {
  // Without a prototype, so that `Object.prototype` does not count, and a copy, so that later changes do not.
  const options: Settings & Record<string, unknown> = Object.assign(Object.create(null), DEFAULTS)
  for (const [option, value] of Object.entries(input ?? {})) {
    // Published secret keys are 32 hexadecimal digits.
    if ([value].flat().some(item => isText(item, /^\s*[\da-f]{32}\s*$/i))) {
      throw invalid(option, 'no secret key: revoke it, use a SECU_ template')
    }
    options[option] = value ?? options[option]
  }
  const { token, templateId, apiBase, keyUrl, requestKey, cacheScope, allowedOrigins, storage } = options
  if (!isText(token, /^[\w-]{1,64}$/)) throw invalid('token', 'a project token')
  if ((templateId !== undefined || !(keyUrl || requestKey)) && !isText(templateId, /^SECU_[\da-f]{32}$/i)) {
    throw invalid('templateId', 'SECU_ and 32 hex digits')
  }
  if (typeof storage !== 'object' && !isText(storage, /^(indexeddb|memory)$/)) {
    throw invalid('storage', 'indexeddb, memory or a store')
  }
  // Of many other things JSON makes the same, or throws.
  if (!isText(cacheScope ?? '', /^/)) throw invalid('cacheScope', 'a text')
  for (const option of NUMBER_OPTIONS) {
    if (!(typeof options[option] === 'number' && options[option] >= 0)) throw invalid(option, 'a number')
  }

  const readUrl = (option: string, address: unknown, base?: string) => {
    try {
      const url = new URL(address as string, base)
      // With a name before the host, one host looks like another: https://api.filerobot.com@evil.example
      if (isSecureUrl(url) && !/^\w+:..[^/]*[*@]/.test(url.href)) return url
    } catch {}
    throw invalid(option, 'an https URL')
  }
  const { origin, pathname } = readUrl('apiBase', apiBase)
  const base = origin + pathname.replace(/\/+$/, '')
  const href = keyUrl ? readUrl('keyUrl', keyUrl, pageUrl).href : `${base}/${token}/key/${templateId}`
  return Object.assign(options, {
    identity: JSON.stringify([base, token, templateId, href, cacheScope]),
    apiBase: base,
    credentials: keyUrl ? 'same-origin' : 'omit',
    keyUrl: href,
    allowedOrigins: [apiBase, allowedOrigins].flat().map(allowed => readUrl('allowedOrigins', allowed).origin),
  })
}
