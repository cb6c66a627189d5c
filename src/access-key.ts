import { decodeAccessKey } from './claims.js'
import type { AccessKey, KeyClaims } from './types.js'

/**
 * A key whose value does not leak: `JSON.stringify`, spreading and error trackers see own properties only, and the
 * value is a getter on the prototype over a private field.
 */
export class GrantedKey implements AccessKey {
  readonly #value: string
  declare readonly obtainedAtMs: number
  declare readonly expiresAtMs: number
  declare readonly claims: KeyClaims | undefined

  constructor(value: string, obtainedAtMs: number, expiresAtMs: number) {
    this.#value = value
    Object.assign(this, { obtainedAtMs, expiresAtMs, claims: decodeAccessKey(value) })
  }

  get value(): string {
    return this.#value
  }

  // Also because `claims.permissions` is a bigint, on which `JSON.stringify` throws.
  toJSON(): { expiresAtMs: number } {
    return { expiresAtMs: this.expiresAtMs }
  }
}
