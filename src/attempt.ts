import { decodeAccessKey } from './claims.js'
import { nowMs } from './clock.js'
import { AuthError } from './errors.js'
import type { KeyRecord } from './key-record.js'
import type { KeyRecordStore } from './key-record-store.js'
import { requestKey } from './key-request.js'
import { expiresAtMs } from './lifetime.js'
import { mayStartAtMs, readStarts, type StartRecord, startRecordId } from './limit.js'
import type { Settings } from './options.js'
import type { KeyStorage } from './types.js'

const HOUR_MS = 3_600_000

/** How long the lock is waited for: its holder's request, and some time to write. */
export const lockDeadlineMs = ({ timeoutMs }: Settings) => timeoutMs + 2000

/**
 * One attempt at a key: one read, at most one request, and at most two writes, its start and its outcome. Changes
 * nothing but storage, and calls nobody of the host but the service and the store.
 *
 * @param limits holds the record of key requests
 * @param isExclusive whether the lock is held
 * @param isGood whether a record's key may be used
 * @param suits whether it would do for who asks
 * @returns the record, and whether a request was made for it; no record where another attempt may be made: another
 *   tab's is under way, or the key was cleared meanwhile
 */
export async function attemptKey(
  settings: Settings,
  { read, write }: KeyRecordStore,
  limits: KeyStorage,
  identity: string,
  ending: AbortSignal,
  isExclusive: boolean,
  isGood: (record: KeyRecord) => boolean,
  suits: (record: KeyRecord) => boolean,
): Promise<[record?: KeyRecord | undefined, isFresh?: boolean]> {
  const known = await read()
  ending.throwIfAborted()
  if (isGood(known) && suits(known)) return [known]
  if (globalThis.navigator?.onLine === false) throw new AuthError('network')

  const limitId = startRecordId(settings.keyUrl)
  const changeStarts = (change: (record: StartRecord, now: number) => Partial<StartRecord>) =>
    limits.update(limitId, old => {
      const record = readStarts(old, nowMs())
      return { ...record, ...change(record, nowMs()) }
    })
  let startedAtMs = 0
  let retryAtMs = 0
  await changeStarts((record, now) => {
    retryAtMs = mayStartAtMs(record, settings.maxKeyRequestsPerMinute)
    // The ticket, for want of a lock: another tab's request may still be under way.
    const isRecent = record.starts.at(-1)! > Math.max(known.startedAtMs, now - lockDeadlineMs(settings))
    const isBusy = !isExclusive && record.openBy === identity && isRecent
    if (isBusy || retryAtMs > now) return record
    startedAtMs = now
    return { starts: [...record.starts, now], openBy: identity }
  })
  if (retryAtMs > nowMs()) throw new AuthError('rate_limited', undefined, { retryAtMs })
  if (!startedAtMs) return []

  let kept: KeyRecord | undefined
  try {
    const { key, lifetimeSeconds } = await requestKey(settings, known.startedAtMs > nowMs() - HOUR_MS, ending)
    const { trustsClaims, generation } = known
    const claims = decodeAccessKey(key)
    const diesAtMs = expiresAtMs(startedAtMs, lifetimeSeconds, settings.defaultLifetimeSeconds, claims, trustsClaims)
    const record = { ...known, key, startedAtMs, expiresAtMs: diesAtMs }
    if (key === known.key || !isGood(record)) throw new AuthError('key_rejected')
    await write(present => {
      // Cleared meanwhile: it is thrown away. And a late answer does not replace a newer one.
      if (present.generation === generation)
        kept = isGood(present) && present.startedAtMs > startedAtMs ? present : record
      return kept
    })
  } catch (error) {
    ending.throwIfAborted()
    const { code, retryAtMs = 0 } = error as AuthError
    await changeStarts(({ blockedUntilMs }) => ({
      openBy: 0,
      blockedUntilMs: code === 'rate_limited' ? retryAtMs : blockedUntilMs,
    }))
    throw error
  }
  return [kept, true]
}
