import { ACCESS_KEY, decodeAccessKey } from './claims.js'
import { MAX_LIFETIME_MS } from './lifetime.js'
import { isFuture } from './limit.js'
import { isText, own, ownNumber } from './untrusted.js'

/** The stored record of an identity's key. */
export interface KeyRecord {
  /** Raised by `clear`: a result that was begun under an older one is thrown away, in every tab. */
  readonly generation: number
  /** Empty when it was cleared or refused, or cannot be believed. */
  readonly key: string
  /** When the newest request that brought a key was started; kept when the key is gone. */
  startedAtMs: number
  expiresAtMs: number
  /** A key was refused as expired before its `expiresAtMs`. */
  readonly trustsClaims: boolean
}

/** The number of the schema is in the name, so that tabs of two releases do not wipe each other's records. */
export const keyRecordId = (identity: string) => `key/1/${identity}`

/**
 * Reads a stored record of any shape as strictly as an answer from the network. A key that is malformed, of another
 * template, from the future or made to live too long is left out; whether it is still good is the caller's to ask.
 */
export function readKeyRecord(stored: unknown, nowMs: number, templateId = ''): KeyRecord {
  const claimed = isFuture(ownNumber(stored, 'startedAtMs'), nowMs) ? undefined : stored
  const key = own(claimed, 'key')
  const startedAtMs = ownNumber(claimed, 'startedAtMs')
  const expiresAtMs = ownNumber(claimed, 'expiresAtMs')
  const isBelievable =
    isText(key, ACCESS_KEY) &&
    expiresAtMs - startedAtMs <= MAX_LIFETIME_MS &&
    // It need not say whose it is.
    RegExp(templateId, 'i').test(decodeAccessKey(key)?.templateId ?? templateId)
  return {
    generation: ownNumber(stored, 'generation'),
    key: isBelievable ? key : '',
    startedAtMs,
    expiresAtMs,
    trustsClaims: own(stored, 'trustsClaims') === true,
  }
}
