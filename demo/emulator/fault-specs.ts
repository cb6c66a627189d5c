import { isIP } from 'node:net'
import type { ApiAnswer, Faults, KeyAnswer, NameClash, NoAnswer } from './faults.ts'
import type { WindowKind } from './rate-window.ts'

/** What a fault is, what it is while nobody has switched it on, and what it may be. */
interface Spec<Value> {
  /** In a few words, for a form or a command line; of a flag, what is so where it is switched from its initial value. */
  about: string
  initial: Value
  /** In words. */
  wanted: string
  /** All that it may be, where that is a list. */
  values?: readonly Value[]
  accepts(value: unknown): boolean
}

const amount = (unit: string, about: string): Spec<number> => ({
  about,
  initial: 0,
  wanted: `a number of ${unit}, 0 or more`,
  accepts: value => typeof value === 'number' && Number.isFinite(value) && value >= 0,
})
const flag = (initial: boolean, about: string): Spec<boolean> => ({
  about,
  initial,
  wanted: 'true or false',
  accepts: value => typeof value === 'boolean',
})
/** The first is what it is at the beginning. */
const oneOf = <Value>(about: string, ...values: [Value, ...Value[]]): Spec<Value> => ({
  about,
  initial: values[0],
  wanted: `one of ${values.join(', ')}`,
  values,
  accepts: value => values.includes(value as Value),
})
const text = (initial: string, wanted: string, about: string, accepts: (value: string) => boolean): Spec<string> => ({
  about,
  initial,
  wanted,
  accepts: value => typeof value === 'string' && accepts(value),
})

const NO_ANSWERS: NoAnswer[] = ['hang', 'drop', 'cut_off', 'stalled', 'endless']
const apiAnswer = (about: string) =>
  oneOf<ApiAnswer>(about, 'normal', 'server_error', 'html', 'forbidden', 'redirect', ...NO_ANSWERS)
const keyStatus = (about: string) => oneOf<Faults['expiredStatus']>(about, 403, 401, 400, 200)

const SPECS: { [Name in keyof Faults]: Spec<Faults[Name]> } = {
  latencyMs: amount('milliseconds', 'delay of every answer'),
  keyLatencyMs: amount('milliseconds', "further delay of the key endpoint's answers"),
  holdAnswers: oneOf<Faults['holdAnswers']>(
    'which answers are kept back until they are released',
    'none',
    'key',
    'api',
    'delivery',
    'key_info',
    'upload',
    'all',
  ),
  uploadBytesPerSecond: amount('bytes per second', 'how fast bodies are read; 0 is as fast as they come'),
  keyAnswer: oneOf<KeyAnswer>(
    'what a key request is answered',
    'normal',
    'too_many',
    'server_error',
    'html',
    'empty',
    'huge',
    'no_key',
    'wrong_prefix',
    'old_key',
    'template_rejected',
    ...NO_ANSWERS,
  ),
  apiAnswer: apiAnswer('what calls with a key are answered'),
  keyInfoAnswer: apiAnswer('what key/info answers'),
  uploadAnswer: apiAnswer('what uploads are answered'),
  deliveryAnswer: apiAnswer('what requests of pictures are answered'),
  redirectTo: text('/redirected', 'an address of http or https, or a path', 'where "redirect" leads', value =>
    /^(https?:\/\/[\w[]|\/)[!-~]*$/.test(value),
  ),
  errorStatus: oneOf<Faults['errorStatus']>('status of "server_error"', 500, 502, 503, 504, 408),
  callerAddress: text(
    '',
    'an IP address, or nothing',
    "taken for every caller's",
    value => value === '' || isIP(value) !== 0,
  ),
  callerCountry: text('', 'two capital letters, or nothing', "taken for every caller's", value =>
    /^([A-Z]{2})?$/.test(value),
  ),
  validitySeconds: amount('seconds', "replaces the templates' validity; 0 does not"),
  limitStatus: oneOf<Faults['limitStatus']>('status of the refusal of the sixth key request', 429, 403, 400, 200),
  limitWords: oneOf<Faults['limitWords']>(
    'where that refusal speaks of a limit',
    'all',
    'code',
    'msg',
    'hint',
    'none',
    'html',
  ),
  limitWindow: oneOf<WindowKind>('how the minute of the five is counted', 'sliding', 'fixed'),
  rateLimitOff: flag(false, 'no limit on key requests'),
  retryAfter: oneOf<Faults['retryAfter']>('whether that refusal has Retry-After', 'none', 'seconds', 'date'),
  retryAfterSeconds: amount('seconds', 'what Retry-After says; 0 is the truth'),
  exposeRetryAfter: flag(false, 'pages may read Retry-After'),
  exposeDate: flag(false, 'pages may read Date'),
  rejectedStatus: oneOf<Faults['rejectedStatus']>('status for an unknown project or template', 404, 400, 401, 403, 200),
  expiredStatus: keyStatus('status with which an expired key is refused'),
  invalidStatus: keyStatus('status with which an invalid key is refused'),
  refusalWordIn: oneOf<Faults['refusalWordIn']>('where these say KEY_EXPIRED, ERR_SASS_INVALID', 'both', 'code', 'msg'),
  keyJudgedAt: oneOf<Faults['keyJudgedAt']>("when an upload's key is judged", 'headers', 'end'),
  sameKeyAgain: flag(false, 'the same key again while it is good'),
  claimsInKey: flag(true, 'keys cannot be decoded'),
  suffixInKey: flag(true, 'keys end where their signature would stand'),
  claimedAgeSeconds: amount('seconds', 'what a key claims to live; 0 is the truth'),
  expireDurationInResponse: flag(false, "the answer tells the key's lifetime"),
  toldDurationSeconds: amount('seconds', 'what is told there; 0 is the truth'),
  permissionsInResponse: flag(false, "the answer tells the key's permissions"),
  deliveryAcceptsKey: flag(true, 'no key opens private pictures'),
  nameClash: oneOf<NameClash>('an upload under a name that is taken', 'version', 'overwrite', 'refuse', 'rename'),
  uploadsCountedPer: oneOf<Faults['uploadsCountedPer']>('what upload limits are counted for', 'key', 'template'),
  corsMaxAgeSeconds: amount('seconds', 'how long a preflight may be remembered; 0 sends no header'),
  corsOff: flag(false, 'answers without CORS headers'),
}

/** A fault as a command line offers it. */
export interface FaultSpec {
  readonly name: keyof Faults
  readonly about: string
  readonly initial: Faults[keyof Faults]
  readonly wanted: string
  readonly values?: readonly Faults[keyof Faults][]
}

/** All faults, in the order in which they are told of. */
export const FAULT_SPECS: readonly FaultSpec[] = Object.entries(SPECS).map(([name, spec]) =>
  Object.assign({ name: name as keyof Faults }, spec),
)

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
