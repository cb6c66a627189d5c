import { nowMs } from './clock.js'
import { AuthError } from './errors.js'
import type { KeyRecordStore } from './key-record-store.js'
import { refusedBlockMs } from './lifetime.js'
import { EXPIRED } from './refusal.js'

/** What the service, or the host, makes of keys. */
export interface Verdicts {
  /** Gives a key up. `isExpired`: the service said that its time was over. */
  invalidate(key: string, isExpired?: boolean): Promise<void>
  /**
   * What the service made of a key: `refusal` is its word where it refused it.
   *
   * @throws {AuthError} `key_rejected` when two fresh keys in a row were refused and none accepted
   */
  judge(key: string, status: number, refusal: string | undefined): Promise<void>
}

/**
 * @param refused keys that were given up, and the writing down of it
 * @param untried keys that came by requests of this page's and were neither accepted nor refused yet
 * @param onRefused is told once of each key that is given up
 */
export function createVerdicts(
  records: KeyRecordStore,
  refused: Map<string, Promise<void>>,
  untried: Set<string>,
  onRefused: (key: string) => void,
  onFailure: (error: AuthError) => AuthError,
): Verdicts {
  let refusalsInARow = 0
  const invalidate = (key: string, isExpired = false): Promise<void> => {
    let written = refused.get(key)
    if (!written) {
      written = records.write(
        ({ key: present, trustsClaims, expiresAtMs }) =>
          present === key && { key: '', trustsClaims: trustsClaims || (isExpired && nowMs() < expiresAtMs) },
      )
      refused.set(key, written)
      onRefused(key)
    }
    return written
  }
  return {
    invalidate,
    async judge(key, status, refusal) {
      if (status < 500 && untried.delete(key)) refusalsInARow = refusal ? refusalsInARow + 1 : 0
      if (refusal) await invalidate(key, refusal === EXPIRED)
      if (refusal && refusalsInARow > 1) {
        const retryAtMs = nowMs() + refusedBlockMs(refusalsInARow)
        throw onFailure(new AuthError('key_rejected', undefined, { status, retryAtMs }))
      }
    },
  }
}
