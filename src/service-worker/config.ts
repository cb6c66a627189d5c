import { AuthError } from '../errors.js'
import { NUMBER_OPTIONS, readOptions } from '../options.js'
import type { AuthOptions } from '../types.js'

/** The options of `createAuth` that can be written into the worker's URL: none of them is secret. */
export interface ServiceWorkerOptions extends Omit<AuthOptions, 'requestKey' | 'fetch' | 'storage' | 'onEvent'> {
  /** Page and worker share one key by the browser's database, and by nothing else. @default 'indexeddb' */
  storage?: 'indexeddb' | undefined
}

const TEXT_OPTIONS = ['token', 'templateId', 'apiBase', 'keyUrl', 'cacheScope'] as const
const NAMES = [...TEXT_OPTIONS, 'allowedOrigins', ...NUMBER_OPTIONS]

export const invalid = (option: string, why: string) => new AuthError('invalid_options', `${option}: ${why}`)

/**
 * The worker's URL with the page's identity in its query. So the worker knows it as soon as it is evaluated, also after
 * it was killed: whether it answers a request it has to say at once, before it could read anything.
 *
 * The same options make the same URL: another one is another worker, for all tabs.
 *
 * @param scriptUrl the hosted file; parameters of its own are kept
 * @param pageUrl what a relative `keyUrl` is relative to
 * @throws {AuthError} `invalid_options`, naming the option
 */
export function withConfig(scriptUrl: URL, options: ServiceWorkerOptions, pageUrl: string | undefined): URL {
  const settings = readOptions(options, pageUrl)
  for (const option of ['requestKey', 'fetch', 'storage'] as const) {
    if (settings[option] && settings[option] !== 'indexeddb') {
      throw invalid(
        option,
        'cannot reach a worker by its URL; use handleFetch in a worker of your own, or leave it out',
      )
    }
  }
  const { token, templateId, apiBase, keyUrl, cacheScope, credentials } = settings
  const defaults = readOptions({ token, keyUrl }, undefined)
  const texts = {
    token,
    templateId,
    apiBase: apiBase === defaults.apiBase ? undefined : apiBase,
    // Only one that was given is asked with the site's cookies.
    keyUrl: credentials === 'same-origin' ? keyUrl : undefined,
    cacheScope,
  }
  const url = new URL(scriptUrl)
  url.hash = ''
  for (const name of NAMES) url.searchParams.delete(name)
  for (const name of TEXT_OPTIONS) {
    if (texts[name] !== undefined) url.searchParams.set(name, texts[name])
  }
  for (const origin of new Set(settings.allowedOrigins.sort())) {
    if (origin !== new URL(apiBase).origin) url.searchParams.append('allowedOrigins', origin)
  }
  for (const name of NUMBER_OPTIONS) {
    if (settings[name] !== defaults[name]) url.searchParams.set(name, String(settings[name]))
  }
  // Half a surrogate pair, for example, becomes another character in a URL; and a number is not its text.
  if (readOptions(readConfig(url) as AuthOptions, undefined).identity !== settings.identity) {
    throw invalid('cacheScope', 'must be well-formed text')
  }
  return url
}

/** The options in a worker's URL; `undefined` when it holds none. They are checked by `createAuth`. */
export function readConfig({ searchParams: query }: URL): AuthOptions | undefined {
  if (!NAMES.some(name => query.has(name))) return undefined
  const options: Record<string, unknown> = { allowedOrigins: query.getAll('allowedOrigins') }
  for (const name of TEXT_OPTIONS) options[name] = query.get(name) ?? undefined
  for (const name of NUMBER_OPTIONS) options[name] = query.has(name) ? Number(query.get(name)) : undefined
  return options as unknown as AuthOptions
}

/** The first option in which two workers' URLs differ. */
export function differingOption(one: URL, other: URL): string | undefined {
  const values = ({ searchParams }: URL, name: string) => JSON.stringify(searchParams.getAll(name).sort())
  return NAMES.find(name => values(one, name) !== values(other, name))
}

/** The page's word to a worker that does not control it, after a hard reload for example. */
export const CLAIM = 'filerobot-widget-auth:claim'
