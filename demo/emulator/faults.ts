import type { WindowKind } from './rate-window.ts'

export type KeyAnswer =
  | 'normal'
  /** Refused as by the five-a-minute limit, whatever was asked before. */
  | 'too_many'
  /** 500 with the service's own error body. */
  | 'server_error'
  /** 200 with a web page, as a captive portal answers. */
  | 'html'
  /** 200 without a body. */
  | 'empty'
  /** 200 with a good key and a hint of 1 MB. */
  | 'huge'
  /** `status: "success"` without `key`. */
  | 'no_key'
  /** A key that does not begin with `SASS_`. */
  | 'wrong_prefix'
  /** Refused as if the template did not exist. */
  | 'template_rejected'
  /** No answer until the client gives up. */
  | 'hang'
  /** The connection ends without an answer. */
  | 'drop'

export type ApiAnswer =
  | 'normal'
  | 'server_error'
  /** 502 with a web page, as a gateway answers. */
  | 'html'
  | 'forbidden'
  | 'hang'
  | 'drop'
  /** 302 to `redirectTo`. */
  | 'redirect'

/** What goes wrong, and, marked "guess", how the service behaves where its documentation does not say. */
export interface Faults {
  /** Delay of every answer, preflights included. @default 0 */
  latencyMs: number
  /** Delay of the key endpoint's answers, added to `latencyMs`. @default 0 */
  keyLatencyMs: number
  /** How fast bodies are read; 0 reads as fast as they come. @default 0 */
  uploadBytesPerSecond: number
  /** What the key endpoint answers. @default 'normal' */
  keyAnswer: KeyAnswer
  /** What `/v4`, `/v5` and `/public/constants` answer. @default 'normal' */
  apiAnswer: ApiAnswer
  /** What `/cdn` answers. @default 'normal' */
  deliveryAnswer: ApiAnswer
  /** Where `redirect` leads. @default '/redirected', which is on this server and answers 404 */
  redirectTo: string
  /** Replaces the templates' validity; 0 does not. @default 0 */
  validitySeconds: number
  /** Guess: status of the five-a-minute refusal. @default 429 */
  limitStatus: 429 | 403 | 400 | 200
  /** Guess: how the minute of the five is counted. @default 'sliding' */
  limitWindow: WindowKind
  /** No limit on key requests. @default false */
  rateLimitOff: boolean
  /** Guess: whether that refusal tells when to come again, and how. @default 'none' */
  retryAfter: 'none' | 'seconds' | 'date'
  /** Guess: whether a page of another origin may read `Retry-After`. @default false */
  exposeRetryAfter: boolean
  /** Guess: whether a page of another origin may read `Date`. @default false */
  exposeDate: boolean
  /** Guess: status with which an expired key is refused. @default 403 */
  expiredStatus: 403 | 401 | 400 | 200
  /** Guess: status with which an invalid key is refused. @default 403 */
  invalidStatus: 403 | 401 | 400 | 200
  /** Guess: whether a second call within a key's validity gives the same key again. @default false */
  sameKeyAgain: boolean
  /** `false` makes keys that cannot be decoded. @default true */
  claimsInKey: boolean
  /** Whether the response tells the key's lifetime, in seconds, as the vendor's clients expect. @default false */
  expireDurationInResponse: boolean
  /** Guess: whether delivery accepts `X-Filerobot-Key` for private files. @default true */
  deliveryAcceptsKey: boolean
  /** Guess: what an upload under a name that is taken does. @default 'version' */
  nameClash: 'version' | 'rename'
  /** Guess: whether uploads are counted for each key or for each template. @default 'key' */
  uploadsCountedPer: 'key' | 'template'
  /** How long a browser may remember a preflight; 0 sends no `Access-Control-Max-Age`. @default 0 */
  corsMaxAgeSeconds: number
  /** Answers without any CORS header, as a gateway's error pages have none. @default false */
  corsOff: boolean
}

interface Spec<Value> {
  initial: Value
  wanted: string
  accepts(value: unknown): boolean
}

const amount = (unit: string): Spec<number> => ({
  initial: 0,
  wanted: `a number of ${unit}, 0 or more`,
  accepts: value => typeof value === 'number' && Number.isFinite(value) && value >= 0,
})
const flag = (initial: boolean): Spec<boolean> => ({
  initial,
  wanted: 'true or false',
  accepts: value => typeof value === 'boolean',
})
const oneOf = <Value>(initial: Value, ...others: Value[]): Spec<Value> => ({
  initial,
  wanted: `one of ${[initial, ...others].join(', ')}`,
  accepts: value => [initial, ...others].includes(value as Value),
})
const apiAnswer = oneOf<ApiAnswer>('normal', 'server_error', 'html', 'forbidden', 'hang', 'drop', 'redirect')

const SPECS: { [Name in keyof Faults]: Spec<Faults[Name]> } = {
  latencyMs: amount('milliseconds'),
  keyLatencyMs: amount('milliseconds'),
  uploadBytesPerSecond: amount('bytes per second'),
  keyAnswer: oneOf<KeyAnswer>(
    'normal',
    'too_many',
    'server_error',
    'html',
    'empty',
    'huge',
    'no_key',
    'wrong_prefix',
    'template_rejected',
    'hang',
    'drop',
  ),
  apiAnswer,
  deliveryAnswer: apiAnswer,
  redirectTo: {
    initial: '/redirected',
    wanted: 'an address of http or https, or a path',
    accepts: value => typeof value === 'string' && /^(https?:\/\/[\w[]|\/)[!-~]*$/.test(value),
  },
  validitySeconds: amount('seconds'),
  limitStatus: oneOf<Faults['limitStatus']>(429, 403, 400, 200),
  limitWindow: oneOf<WindowKind>('sliding', 'fixed'),
  rateLimitOff: flag(false),
  retryAfter: oneOf<Faults['retryAfter']>('none', 'seconds', 'date'),
  exposeRetryAfter: flag(false),
  exposeDate: flag(false),
  expiredStatus: oneOf<Faults['expiredStatus']>(403, 401, 400, 200),
  invalidStatus: oneOf<Faults['invalidStatus']>(403, 401, 400, 200),
  sameKeyAgain: flag(false),
  claimsInKey: flag(true),
  expireDurationInResponse: flag(false),
  deliveryAcceptsKey: flag(true),
  nameClash: oneOf<Faults['nameClash']>('version', 'rename'),
  uploadsCountedPer: oneOf<Faults['uploadsCountedPer']>('key', 'template'),
  corsMaxAgeSeconds: amount('seconds'),
  corsOff: flag(false),
}

export const noFaults = (): Faults =>
  Object.fromEntries(Object.entries(SPECS).map(([name, spec]) => [name, spec.initial])) as unknown as Faults

/** Says of each fault that is unknown or of the wrong type what is wrong with it. */
export function wrongFaults(given: unknown): string[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return ['an object of faults is wanted']
  return Object.entries(given).flatMap(([name, value]) => {
    const spec = Object.hasOwn(SPECS, name) ? SPECS[name as keyof Faults] : undefined
    if (!spec) return [`${name} is not a fault`]
    return spec.accepts(value) ? [] : [`${name} must be ${spec.wanted}`]
  })
}
