import type { AccessKey, KeyClaims } from '../types.js'
import { own } from '../untrusted.js'
import type { Asked, Place } from './asking.js'
import { type Breadth, tooBroad } from './breadth.js'
import { permissionNames } from './permissions.js'
import { type ClockComparison, compareClocks } from './service-clock.js'

/** Everything that `check` has to say of a key. */
export interface KeyReport {
  readonly place: Place
  readonly key: AccessKey
  readonly lifetimeSeconds: number
  readonly lifetimeToldBy: 'key' | 'response' | 'nobody'
  /** By name; `undefined` where the service did not tell. */
  readonly permissions?: readonly string[] | undefined
  /** Whether key/info was asked for them. */
  readonly permissionsAsked: boolean
  readonly clock?: ClockComparison | undefined
  readonly tooBroad: readonly Breadth[]
}

/** @param keyInfo the answer of key/info, where that was asked; `body` is undefined where there was none */
export function reportOf(place: Place, asked: Asked, key: AccessKey, keyInfo?: { body: unknown }): KeyReport {
  const { claims, expiresAtMs, obtainedAtMs } = key
  const body = asked.answer?.body
  const permissions = permissionNames(own(keyInfo?.body, 'permissions')) ?? permissionNames(own(body, 'permissions'))
  // Up, as the moment that the key itself names is a little earlier: its beginning has no milliseconds.
  const lifetimeSeconds = Math.ceil((expiresAtMs - obtainedAtMs) / 1000)
  const [lifetimeToldBy, toldSeconds] = told(lifetimeSeconds, claims, body) ?? ['nobody', lifetimeSeconds]
  return {
    place,
    key,
    lifetimeSeconds: toldSeconds,
    lifetimeToldBy,
    permissions,
    permissionsAsked: keyInfo !== undefined,
    clock: compareClocks({
      ...asked,
      dateMs: asked.answer?.dateMs,
      keyBeganAtMs: claims?.startSeconds === undefined ? undefined : claims.startSeconds * 1000,
    }),
    tooBroad: tooBroad({ claims, permissions, lifetimeSeconds: toldSeconds }),
  }
}

/** Who told the lifetime that the library goes by: the one that it is the same as, but for what the clocks differ. */
function told(lifetimeSeconds: number, claims: KeyClaims | undefined, body: unknown) {
  const tellers = [
    ['key', claims?.ageSeconds],
    ['response', own(own(body, 'key_validity'), 'expire_duration')],
  ] as const
  return tellers.find(
    (teller): teller is readonly ['key' | 'response', number] =>
      typeof teller[1] === 'number' && Math.abs(teller[1] - lifetimeSeconds) <= 6,
  )
}
