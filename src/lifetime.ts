import type { KeyClaims } from './types.js'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
/** No key of this service is taken to live longer. */
export const MAX_LIFETIME_MS = 60 * 24 * 60 * MINUTE_MS

/** How long a key is used at least, whatever its claims say: they are compared with a clock that may be wrong. */
const LEAST_TRUSTED_MS = 30 * SECOND_MS

/** Whether something can be a lifetime: from one second to 60 days. */
const isLifetimeSeconds = (seconds: unknown): seconds is number =>
  typeof seconds === 'number' && seconds >= 1 && seconds * SECOND_MS <= MAX_LIFETIME_MS

/**
 * When a key counts as dead, in milliseconds since 1970 by this machine's clock.
 *
 * The **start** of its request is the basis: the service cannot have made the key earlier, so the result is not late
 * by the request's time, however wrong this machine's clock is. `st + age` alone would be no basis: a clock that runs
 * fast by 19 minutes and 40 seconds "agrees" with it, and makes a request every few seconds.
 *
 * @param tellsSeconds the lifetime in the response, as it came
 * @param trustsClaims a key was refused as expired before its time: from then on the claims count more than our clock
 */
export function expiresAtMs(
  startedAtMs: number,
  tellsSeconds: unknown,
  defaultSeconds: number,
  claims: KeyClaims | undefined,
  trustsClaims: boolean,
): number {
  const { startSeconds, ageSeconds } = claims ?? {}
  const told = [tellsSeconds, ageSeconds].filter(isLifetimeSeconds)
  const lifetimeMs = Math.floor(SECOND_MS * (told.length ? Math.min(...told) : defaultSeconds))
  const byStartMs = startedAtMs + lifetimeMs
  if (startSeconds === undefined || !isLifetimeSeconds(ageSeconds)) return byStartMs
  const byClaimsMs = (startSeconds + ageSeconds) * SECOND_MS
  if (trustsClaims) return Math.min(byStartMs, Math.max(byClaimsMs, startedAtMs + LEAST_TRUSTED_MS))
  const clocksAgree = Math.abs(startSeconds * SECOND_MS - startedAtMs) <= Math.min(5 * SECOND_MS, lifetimeMs / 10)
  return clocksAgree ? Math.min(byStartMs, byClaimsMs) : byStartMs
}

/**
 * When renewal begins: `leeway` before expiry, earlier by a random part of another leeway, so that the tabs and
 * visitors of a site do not all come at once.
 *
 * @param random from 0 up to 1
 */
export function renewAtMs(startedAtMs: number, expiresAtMs: number, random: number): number {
  return expiresAtMs - Math.min(MINUTE_MS, (expiresAtMs - startedAtMs) / 4) * (1 + random)
}

/** How long no key is asked for after `refusals` fresh keys in a row, from 2: 60 s, doubling to 15 min. */
export function refusedBlockMs(refusals: number): number {
  return Math.min(15, 2 ** (refusals - 2)) * MINUTE_MS
}

/**
 * How long to wait after a failure: 1 s, doubling to 60 s, and of that a random part (full jitter), so that the visitors
 * of a site do not all come at once when its API is back.
 *
 * @param failures how many there were in a row before this one
 * @param random from 0 up to 1
 */
export function backOffMs(failures: number, random: number): number {
  return Math.ceil(random * Math.min(60, 2 ** failures) * SECOND_MS)
}

/**
 * A timer renews no key that lives shorter than 30 s: it would use up the five requests of a minute. Less what
 * {@link expiresAtMs} takes off where the claims are a little earlier than our clock.
 */
export const MIN_TIMER_LIFETIME_MS = 27 * SECOND_MS
/** A timer looks at the clock once a minute at least: timers stand still while a laptop sleeps. */
export const LOOK_MS = MINUTE_MS
/** The shortest time between two attempts of a timer. */
export const MIN_TIMER_MS = 5 * SECOND_MS
