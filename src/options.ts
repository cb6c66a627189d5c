import { AuthError } from './errors.js'
import { isSecureUrl } from './origin.js'
import type { AuthOptions } from './types.js'

const NUMBERS = { defaultLifetimeSeconds: 1200, timeoutMs: 10_000, maxWaitMs: 15_000, maxKeyRequestsPerMinute: 5 }
export const NUMBER_OPTIONS = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]

const DEFAULTS = { ...NUMBERS, apiBase: 'https://api.filerobot.com', cacheScope: '', allowedOrigins: [] }

/** Options that were checked, with defaults. */
export interface Settings extends AuthOptions {
  /** Without a slash at the end. */
  apiBase: string
  keyUrl: string
  /** Whether `keyUrl` is the site's own endpoint. */
  isOwnKeyUrl: boolean
  storage: NonNullable<AuthOptions['storage']>
  /** `apiBase`'s among them. */
  allowedOrigins: string[]
  defaultLifetimeSeconds: number
  timeoutMs: number
  maxWaitMs: number
  maxKeyRequestsPerMinute: number
  cacheScope: string
}

export const invalid = (option: string, expected: string) =>
  new AuthError('invalid_options', undefined, `${option}: expected ${expected}`)

/**
 * Checks options and fills in defaults. An explicit `undefined` keeps the default.
 *
 * @param pageUrl what a relative `keyUrl` is relative to; absent outside a page
 * @throws {AuthError} `invalid_options`, naming the option; the value is never repeated
 */
export function readOptions(input: AuthOptions, pageUrl: string | undefined): Settings {
  // Copied, so that neither `Object.prototype` nor a later change by the caller counts.
  const options = Object.assign(Object.create(null), input) as Settings & Record<string, unknown>
  const demand = (isValid: unknown, option: string, expected: string) => {
    if (!isValid) throw invalid(option, expected)
  }
  for (const option in options) {
    // Published secret keys are 32 hexadecimal digits. In a list they stand between commas.
    const isSecret = matches(String(options[option]), /(^|,)\s*[\da-f]{32}\s*(,|$)/i)
    demand(!isSecret, option, 'no secret key: never put one in a page. Revoke it, and use a Security Template "SECU_…"')
  }
  for (const [option, fallback] of Object.entries(DEFAULTS)) {
    const value = (options[option] ??= fallback)
    demand(typeof value === typeof fallback && !((value as number) < 0), option, `a valid ${typeof fallback}`)
  }
  for (const option of ['requestKey', 'fetch', 'onEvent']) {
    demand(typeof (options[option] ?? demand) === 'function', option, 'a function')
  }
  const { token, templateId, apiBase, keyUrl, requestKey, allowedOrigins, storage = 'indexeddb' } = options
  demand(matches(token, /^[\w-]{1,64}$/), 'token', 'a project token like "fusqadtm"')
  const mayLackTemplate = templateId === undefined && (keyUrl || requestKey)
  demand(mayLackTemplate || matches(templateId, /^SECU_[\da-f]{32}$/i), 'templateId', '"SECU_" and 32 hex digits')
  const isStore =
    typeof storage === 'object' ? 'get' in storage && 'update' in storage : matches(storage, /^(indexeddb|memory)$/)
  demand(isStore, 'storage', '"indexeddb", "memory" or {get, update}')

  const readUrl = (option: string, address: unknown, base?: string) => {
    let url: URL | undefined
    try {
      url = new URL(address as string, base)
    } catch {}
    demand(url && isSecureUrl(url) && !matches(url.host, /\*/), option, 'https:// and a host, no wildcard')
    return url!
  }
  const { origin, pathname } = readUrl('apiBase', apiBase)
  const base = origin + pathname.replace(/\/+$/, '')
  return Object.assign(options, {
    storage,
    apiBase: base,
    isOwnKeyUrl: !!keyUrl,
    keyUrl: keyUrl ? readUrl('keyUrl', keyUrl, pageUrl).href : `${base}/${token}/key/${templateId}`,
    allowedOrigins: [origin, ...allowedOrigins.map(allowed => readUrl('allowedOrigins', allowed).origin)],
  })
}

const matches = (value: unknown, pattern: RegExp) => typeof value === 'string' && pattern.test(value)
