import { AuthError } from './errors.js'
import { isSecureUrl } from './origin.js'
import type { AuthOptions, KeyStorage } from './types.js'

const DEFAULTS = {
  apiBase: 'https://api.filerobot.com',
  storage: 'indexeddb',
  allowedOrigins: [],
  defaultLifetimeSeconds: 1200,
  timeoutMs: 10_000,
  maxWaitMs: 15_000,
  maxKeyRequestsPerMinute: 5,
} satisfies Partial<AuthOptions>

export const NUMBER_OPTIONS = ['defaultLifetimeSeconds', 'timeoutMs', 'maxWaitMs', 'maxKeyRequestsPerMinute'] as const
/** 60 days in seconds, and more than anybody would wait in milliseconds. */
const LARGEST_NUMBER = 5_184_000

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
}

export const invalid = (option: string, problem: string) => new AuthError('invalid_options', `${option}: ${problem}`)

/**
 * Checks options and fills in defaults. An explicit `undefined` keeps the default.
 *
 * @param pageUrl what a relative `keyUrl` is relative to; absent outside a page
 * @throws {AuthError} `invalid_options`, naming the option; the value is never repeated
 */
export function readOptions(input: AuthOptions, pageUrl: string | undefined): Settings {
  // Copied, so that neither `Object.prototype` nor a later change by the caller counts.
  const options = Object.assign(Object.create(null), input) as Settings & Record<string, unknown>
  for (const [name, value] of Object.entries(DEFAULTS)) options[name] ??= value
  const { token, templateId, apiBase, keyUrl, requestKey, storage, cacheScope = '', allowedOrigins } = options

  const demand = (isValid: unknown, option: string, expected: string) => {
    if (!isValid) throw invalid(option, `expected ${expected}`)
  }
  const readUrl = (option: string, address: unknown, base?: string) => {
    let url: URL | undefined
    try {
      url = new URL(address as string, base)
    } catch {}
    const isSamePage = base && url?.protocol === 'http:' && url.origin === new URL(base).origin
    const isPlain = url && !(url.username + url.password + url.hash) && !/\*/.test(url.host)
    demand(isPlain && (isSamePage || isSecureUrl(url!)), option, 'https:// and a host, no wildcard')
    return url!
  }
  // Published secret keys are 32 hexadecimal digits. In a list they stand between commas.
  for (const [option, value] of Object.entries(options)) {
    if (/(^|,)\s*[\da-f]{32}\s*(,|$)/i.test(`${value}`)) {
      throw invalid(option, 'a secret key must never be in a page. Revoke it and use a Security Template, "SECU_…"')
    }
  }
  demand(isText(token, /^[\w-]{1,64}$/), 'token', 'a project token like "fusqadtm"')
  const needsTemplate = templateId !== undefined || !(keyUrl || requestKey)
  demand(!needsTemplate || isText(templateId, /^SECU_[\da-f]{32}$/i), 'templateId', '"SECU_" and 32 hex digits')
  demand(isText(cacheScope, /^/), 'cacheScope', 'a string')
  const isStore = isFunction((storage as KeyStorage).get) && isFunction((storage as KeyStorage).update)
  demand(isStore || /^(indexeddb|memory)$/.test(`${storage}`), 'storage', '"indexeddb", "memory" or {get, update}')
  for (const option of ['requestKey', 'fetch', 'onEvent']) {
    demand(isFunction(options[option] ?? isFunction), option, 'a function')
  }
  for (const option of NUMBER_OPTIONS) {
    const least = option === 'maxWaitMs' ? 0 : 1
    const value = options[option]
    demand(typeof value === 'number' && value >= least && value <= LARGEST_NUMBER, option, `a number from ${least}`)
  }
  demand(Array.isArray(allowedOrigins), 'allowedOrigins', 'a list')

  const { origin, pathname } = readUrl('apiBase', apiBase)
  const base = origin + pathname.replace(/\/+$/, '')
  return Object.assign(options, {
    apiBase: base,
    isOwnKeyUrl: !!keyUrl,
    keyUrl: keyUrl ? readUrl('keyUrl', keyUrl, pageUrl).href : `${base}/${token}/key/${templateId}`,
    allowedOrigins: [origin, ...allowedOrigins.map(allowed => readUrl('allowedOrigins', allowed).origin)],
  })
}

const isText = (value: unknown, pattern: RegExp) => typeof value === 'string' && pattern.test(value)
const isFunction = (value: unknown) => typeof value === 'function'
