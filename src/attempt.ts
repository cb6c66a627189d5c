import { decodeAccessKey } from './claims.js'
import { aheadMs, nowMs } from './clock.js'
import { AuthError } from './errors.js'
import type { KeyRecord } from './key-record.js'
import type { KeyRecordStore } from './key-record-store.js'
import { requestKey } from './key-request.js'
import { expiresAtMs } from './lifetime.js'
import { mayStartAtMs, readStarts, type StartRecord, startRecordId } from './limit.js'
import { withLock } from './lock.js'
import type { Settings } from './options.js'

const HOUR_MS = 3_600_000
/** A timer leaves this many of the requests of a minute to callers. */
const KEPT_FOR_CALLERS = 2

/** Whether a record would do for who asks. */
export type Suits = (record: KeyRecord) => boolean
/** A record, and whether a request was made for it. */
type Outcome = [record?: KeyRecord | undefined, isFresh?: boolean]

/**
 * One attempt at a key, under the lock that all tabs share: one read, at most one request, and at most two writes, its
 * start and its outcome. Changes nothing but storage, and calls nobody of the host but the service and the store.
 *
 * @param isTimer whether a timer asks, and not a caller
 * @param isGood whether a record's key may be used: the one in memory's, or a newer one's
 * @returns no record where another attempt may be made: another tab's is under way, the key was cleared meanwhile, or
 *   the page was left
 */
export async function attemptKey(
  settings: Settings,
  records: KeyRecordStore,
  id: string,
  ending: AbortSignal,
  isTimer: boolean | undefined,
  isGood: (record: KeyRecord) => boolean,
  suits: Suits,
): Promise<Outcome> {
  // The lock's holder may need its whole time, and some to write.
  const deadlineMs = settings.timeoutMs + 2000
  const maxPerMinute = Math.max(1, settings.maxKeyRequestsPerMinute - (isTimer ? KEPT_FOR_CALLERS : 0))
  const { read, write, kind, storage } = records
  const attempt = async (isExclusive: boolean): Promise<Outcome> => {
    const known = await read()
    if (isGood(known) && suits(known)) return [known]
    if (globalThis.navigator?.onLine === false) throw new AuthError('network')

    const limitId = startRecordId(settings.keyUrl)
    const holder = id + known.generation
    let startedAtMs = 0
    let retryAtMs = 0
    const begin = (old: unknown): StartRecord => {
      // Tabs share this machine's clock, and not this page's.
      const now = nowMs() - aheadMs
      const record = readStarts(old, now)
      const freeAtMs = mayStartAtMs(record, maxPerMinute)
      // The ticket, for want of a lock: another tab's request may still be under way.
      const isBusy =
        !isExclusive &&
        record.openBy === holder &&
        record.starts.at(-1)! > Math.max(known.startedAtMs - aheadMs, now - deadlineMs)
      retryAtMs = !isBusy && freeAtMs > now ? freeAtMs + aheadMs : 0
      // Later than the last one also where a clock was corrected, or stands still.
      startedAtMs = isBusy || retryAtMs ? 0 : Math.max(now + aheadMs, known.startedAtMs + 1)
      return startedAtMs ? { ...record, starts: [...record.starts, now], openBy: holder } : record
    }
    await storage.get(limitId, begin)
    ending.throwIfAborted()
    // Nothing is written for a request that may not be made.
    if (startedAtMs) await storage.update(limitId, begin)
    if (retryAtMs) throw new AuthError('rate_limited', undefined, { retryAtMs })
    if (!startedAtMs) return []

    let kept: KeyRecord | undefined
    try {
      const grant = await requestKey(settings, known.startedAtMs > nowMs() - HOUR_MS, ending)
      const { generation } = known
      const claims = decodeAccessKey(grant.key)
      const diesAtMs = expiresAtMs(
        startedAtMs,
        grant.expiresInSeconds,
        settings.defaultLifetimeSeconds,
        claims,
        known.trustsClaims,
      )
      const record = {
        generation,
        key: grant.key,
        startedAtMs,
        expiresAtMs: diesAtMs,
        // A new key that has lived half of its life: it is our clock that cannot be compared with the claims.
        trustsClaims: known.trustsClaims && diesAtMs >= startedAtMs + (claims?.ageSeconds ?? 0) * 500,
      }
      if (grant.key === known.key || !isGood(record)) {
        // The same one again: there is hardly another before it is over.
        throw new AuthError('key_rejected', undefined, { retryAtMs: isGood(known) ? known.expiresAtMs : undefined })
      }
      await write(present => {
        // Cleared meanwhile: it is thrown away. And a late answer does not replace a newer one.
        if (present.generation === generation)
          kept = isGood(present) && present.startedAtMs > startedAtMs ? present : record
        return kept
      })
    } catch (error) {
      ending.throwIfAborted()
      const { code, retryAtMs = 0 } = error as AuthError
      await storage.update(limitId, old => ({
        ...readStarts(old, nowMs() - aheadMs),
        openBy: 0,
        ...(code === 'rate_limited' && { blockedUntilMs: retryAtMs - aheadMs }),
      }))
      throw error
    }
    return [kept, true]
  }
  return (await (kind() === 'memory' ? attempt(true) : withLock(id, deadlineMs, ending, attempt))) ?? []
}
