import type { AccessKey } from '../../src/types.ts'

const LARGEST_LEEWAY_MS = 60_000

/** The three stretches of a key's life, as fractions of it that are left. */
export interface KeyLife {
  /** What is left of the whole life, 1 … 0. */
  left: number
  /** Where the renewal window begins: with this much of the life left. */
  windowFrom: number
  /** When the renewal window begins at the earliest. */
  renewsFromMs: number
  phase: 'fresh' | 'renewing' | 'expired'
}

/**
 * The library renews between two leeways and one leeway before expiry, at a random moment, so that tabs which were
 * opened together do not ask together. So a page can tell the window, not the second.
 */
export function keyLife(key: AccessKey, nowMs: number): KeyLife {
  const lifetimeMs = Math.max(1, key.expiresAtMs - key.obtainedAtMs)
  const leewayMs = Math.min(LARGEST_LEEWAY_MS, lifetimeMs / 4)
  const renewsFromMs = key.expiresAtMs - 2 * leewayMs
  const left = Math.min(1, Math.max(0, (key.expiresAtMs - nowMs) / lifetimeMs))
  const phase = left === 0 ? 'expired' : nowMs >= renewsFromMs ? 'renewing' : 'fresh'
  return { left, windowFrom: (2 * leewayMs) / lifetimeMs, renewsFromMs, phase }
}

/** Enough of a key to tell two apart, and far too little to use: its prefix and its last four characters. */
export function maskedKey(key: AccessKey): string {
  return `SASS_…${key.value.slice(-4)}`
}
