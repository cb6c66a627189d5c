import { isIP } from 'node:net'
import type { ApiAnswer, Faults, KeyAnswer, NameClash, NoAnswer } from './faults.ts'
import type { WindowKind } from './rate-window.ts'

/** What a fault is while nobody has switched it on, and what it may be. */
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
const text = (initial: string, wanted: string, accepts: (value: string) => boolean): Spec<string> => ({
  initial,
  wanted,
  accepts: value => typeof value === 'string' && accepts(value),
})

const NO_ANSWERS: NoAnswer[] = ['hang', 'drop', 'cut_off', 'stalled', 'endless']
const apiAnswer = oneOf<ApiAnswer>('normal', 'server_error', 'html', 'forbidden', 'redirect', ...NO_ANSWERS)
const keyStatus = oneOf<Faults['expiredStatus']>(403, 401, 400, 200)

const SPECS: { [Name in keyof Faults]: Spec<Faults[Name]> } = {
  latencyMs: amount('milliseconds'),
  keyLatencyMs: amount('milliseconds'),
  holdAnswers: oneOf<Faults['holdAnswers']>('none', 'key', 'api', 'delivery', 'key_info', 'upload', 'all'),
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
    'old_key',
    'template_rejected',
    ...NO_ANSWERS,
  ),
  apiAnswer,
  keyInfoAnswer: apiAnswer,
  uploadAnswer: apiAnswer,
  deliveryAnswer: apiAnswer,
  redirectTo: text('/redirected', 'an address of http or https, or a path', value =>
    /^(https?:\/\/[\w[]|\/)[!-~]*$/.test(value),
  ),
  errorStatus: oneOf<Faults['errorStatus']>(500, 502, 503, 504, 408),
  callerAddress: text('', 'an IP address, or nothing', value => value === '' || isIP(value) !== 0),
  callerCountry: text('', 'two capital letters, or nothing', value => /^([A-Z]{2})?$/.test(value)),
  validitySeconds: amount('seconds'),
  limitStatus: oneOf<Faults['limitStatus']>(429, 403, 400, 200),
  limitWords: oneOf<Faults['limitWords']>('all', 'code', 'msg', 'hint', 'none', 'html'),
  limitWindow: oneOf<WindowKind>('sliding', 'fixed'),
  rateLimitOff: flag(false),
  retryAfter: oneOf<Faults['retryAfter']>('none', 'seconds', 'date'),
  retryAfterSeconds: amount('seconds'),
  exposeRetryAfter: flag(false),
  exposeDate: flag(false),
  rejectedStatus: oneOf<Faults['rejectedStatus']>(404, 400, 401, 403, 200),
  expiredStatus: keyStatus,
  invalidStatus: keyStatus,
  refusalWordIn: oneOf<Faults['refusalWordIn']>('both', 'code', 'msg'),
  keyJudgedAt: oneOf<Faults['keyJudgedAt']>('headers', 'end'),
  sameKeyAgain: flag(false),
  claimsInKey: flag(true),
  suffixInKey: flag(true),
  claimedAgeSeconds: amount('seconds'),
  expireDurationInResponse: flag(false),
  toldDurationSeconds: amount('seconds'),
  permissionsInResponse: flag(false),
  deliveryAcceptsKey: flag(true),
  nameClash: oneOf<NameClash>('version', 'overwrite', 'refuse', 'rename'),
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
