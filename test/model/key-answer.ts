import { encodePayload } from '../../demo/emulator/key-codec.ts'
import type { Random } from './random.ts'

/** How the service says how long a key lives: in its claims, in the response, nowhere, or in words that mean nothing. */
export type KeyForm = 'claims' | 'opaque' | 'told' | 'both' | 'longTold' | 'badTold'
/** How it enforces its limit, if it does. */
export type LimitForm = 'none' | 'limit429' | 'limit429Seconds' | 'limit403'

/** What the service may make of a key request; `key`: what it does when nothing is wrong. */
export const KEY_ANSWERS = [
  ...['key', 'sameKey', 'slowKey', 'lateKey', 'limit429', 'limit429Seconds', 'limit429Date', 'limit403', 'limit200'],
  ...['reject400', 'reject404', 'reject200', 'busy500', 'busy503', 'busy408', 'drop', 'hang', 'hangBody', 'malformed'],
] as const
export type KeyAnswer =
  | LimitForm
  | ('key' | 'sameKey' | 'slowKey' | 'lateKey' | 'limit429Date' | 'limit200' | 'reject400' | 'reject404' | 'reject200')
  | ('busy500' | 'busy503' | 'busy408' | 'drop' | 'hang' | 'hangBody' | 'malformed')

export const TEMPLATE = 'SECU_0123456789ABCDEF0123456789ABCDEF'
/** Long enough that no word of the library's is taken for one. */
export const KEY_PATTERN = /SASS_[\w+/]{6}/

/** A key of this service's, and what its response says of its lifetime. */
export function makeKey(form: KeyForm, number: number, nowMs: number, lifetimeSeconds: number) {
  const startSeconds = Math.floor(nowMs / 1000)
  const hasClaims = form === 'claims' || form === 'both' || form === 'longTold'
  const payload = encodePayload([
    ['st', String(startSeconds)],
    ['age', String(lifetimeSeconds)],
    ['sec', TEMPLATE],
    ['fid', String(number)],
  ])
  const told = { both: lifetimeSeconds, told: lifetimeSeconds, longTold: lifetimeSeconds * 10, badTold: '0' }
  return {
    value: hasClaims ? `SASS__v1.05__${payload}__ab12` : `SASS_opaque_key_${number}`,
    toldSeconds: form in told ? told[form as keyof typeof told] : undefined,
    /** What a reader of the key and of the response knows. */
    knownSeconds: form === 'opaque' || form === 'badTold' ? undefined : lifetimeSeconds,
    startClaimMs: hasClaims ? startSeconds * 1000 : undefined,
    diesAtMs: (hasClaims ? startSeconds * 1000 : nowMs) + lifetimeSeconds * 1000,
  }
}

const json = (body: object, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })

const refusal = (code: string, status: number, headers?: Record<string, string>) =>
  json({ status: 'error', code, msg: `${code} SASS_secret_in_a_message`, hint: '' }, status, headers)

export const success = (key: string, toldSeconds: unknown) =>
  json({
    status: 'success',
    key,
    hint: 'New key created and ready to use',
    ...(toldSeconds === undefined ? {} : { key_validity: { expire_duration: toldSeconds } }),
  })

const MALFORMED = [
  '',
  'null',
  '[]',
  '<html>SASS_in_a_page</html>',
  '{"status":"success"}',
  '{"status":"success","key":"SASS_"}',
  '{"status":"success","key":"SASS_with a space"}',
  '{"status":"success","key":{"toString":"SASS_object"}}',
  '{"__proto__":{"status":"success","key":"SASS_by_prototype"}}',
  `{"status":"success","key":"SASS_${'x'.repeat(8200)}"}`,
  `{"status":"success","padding":"${'x'.repeat(70_000)}","key":"SASS_in_a_large_body"}`,
]
/** What `Retry-After` may say, and for how long it has to be heeded: 60 s where it says nothing, 15 min at most. */
const RETRY_AFTER: [header: string, seconds: number][] = [
  ['1', 1],
  ['30', 30],
  ['90', 90],
  ['3000', 900],
  ['0', 60],
  ['-5', 60],
  ['soon', 60],
]
const any = <T>(choices: T[], random: Random) => choices[Math.floor(random() * choices.length)]!

/**
 * For how long the service wants to be left alone after an answer, and how it says so.
 * A date is by the service's clock: on a machine whose clock is wrong it may mean anything up to 15 min.
 */
export function blockOf(answer: KeyAnswer, nowMs: number, random: Random): { header?: string; blockMs: number } {
  if (answer === 'limit429Seconds') {
    const [header, seconds] = any(RETRY_AFTER, random)
    return { header, blockMs: seconds * 1000 }
  }
  if (answer === 'limit429Date') {
    return { header: new Date(nowMs + random() * 200_000).toUTCString(), blockMs: 900_000 }
  }
  return { blockMs: /^limit|^reject/.test(answer) ? 60_000 : 0 }
}

/** The response to a request that brings no key. */
export function failure(answer: KeyAnswer, retryAfter: string | undefined, random: Random): Response {
  switch (answer) {
    case 'limit429':
    case 'limit429Seconds':
    case 'limit429Date':
      return refusal('TOO_MANY_REQUESTS', 429, retryAfter === undefined ? {} : { 'Retry-After': retryAfter })
    case 'limit403':
      return refusal('KEY_REQUEST_LIMIT', 403)
    case 'limit200':
      return refusal('LIMIT_EXCEEDED', 200)
    case 'reject400':
      return refusal('TEMPLATE_NOT_FOUND', 400)
    case 'reject404':
      return new Response('<h1>Not found</h1>', { status: 404 })
    case 'reject200':
      return refusal('TEMPLATE_NOT_FOUND', 200)
    case 'busy408':
      return new Response('', { status: 408 })
    case 'busy500':
      return refusal('INTERNAL', 500)
    case 'hangBody':
      return new Response(new ReadableStream({ start: body => body.enqueue(new TextEncoder().encode('{')) }))
    case 'malformed':
      return new Response(any(MALFORMED, random))
    default:
      return new Response('<h1>Service unavailable</h1>', { status: 503 })
  }
}
