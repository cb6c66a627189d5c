import { decodeAccessKey } from './claims.js'
import { nowMs } from './clock.js'
import { AuthError, unreachable } from './errors.js'
import { type KeyRecord, keyRecordId, readKeyRecord } from './key-record.js'
import { requestKey, tooMany } from './key-request.js'
import { expiresAtMs } from './lifetime.js'
import { addStart, endStart, isBusy, mayStartAtMs, readStarts, startRecordId } from './limit.js'
import type { Settings } from './options.js'
import type { KeyStorage } from './types.js'

const HOUR_MS = 3_600_000
/** A timer leaves this many of the requests of a minute to callers. */
const KEPT_FOR_CALLERS = 2

/** How long the lock is waited for: its holder's request, and some time to write. */
export const lockDeadlineMs = (settings: Settings) => settings.timeoutMs + 2000

/**
 * One attempt at a key: one read, at most one request, and at most two writes, its start and its outcome. Changes
 * nothing but storage, and calls nobody of the host but the service and the store.
 *
 * @param isTimer whether a timer asks, and not a caller
 * @param isExclusive whether the lock is held
 * @param accepts whether a stored key would do
 * @param isDead whether a key was refused before
 * @param onStart is told when a request is made
 * @returns nothing where another attempt may be made: another tab's is under way, or the key was cleared meanwhile
 */
export async function attemptKey(
  settings: Settings,
  storage: KeyStorage,
  identity: string,
  ending: AbortSignal,
  isTimer: boolean,
  isExclusive: boolean,
  accepts: (record: KeyRecord) => boolean,
  isDead: (key: string) => boolean,
  onStart: () => void,
): Promise<KeyRecord | undefined> {
  const { templateId, keyUrl, maxKeyRequestsPerMinute, defaultLifetimeSeconds } = settings
  const recordId = keyRecordId(identity)
  const limitId = startRecordId(settings.requestKey ? identity : keyUrl)
  const read = (stored: unknown) => readKeyRecord(stored, nowMs(), templateId)

  const known = read(await storage.get(recordId))
  if (accepts(known)) return known
  if (globalThis.navigator?.onLine === false) throw unreachable(keyUrl)

  let startedAtMs = 0
  let retryAtMs = 0
  await storage.update(limitId, old => {
    const now = nowMs()
    const record = readStarts(old, now)
    retryAtMs = mayStartAtMs(record, maxKeyRequestsPerMinute - (isTimer ? KEPT_FOR_CALLERS : 0))
    const mustWait = !isExclusive && isBusy(record, identity, known.startedAtMs, now - lockDeadlineMs(settings))
    startedAtMs = mustWait || retryAtMs > now ? 0 : now
    return startedAtMs ? addStart(record, identity, now) : record
  })
  if (retryAtMs > nowMs()) throw tooMany(retryAtMs)
  if (!startedAtMs) return

  onStart()
  let kept: KeyRecord | undefined
  try {
    const { key, expiresInSeconds } = await requestKey(settings, known.obtainedAtMs > nowMs() - HOUR_MS, ending)
    const record = {
      ...known,
      key,
      startedAtMs,
      // A clock that was set back meanwhile must not make the record look broken.
      obtainedAtMs: Math.max(startedAtMs, nowMs()),
      expiresAtMs: expiresAtMs(
        startedAtMs,
        expiresInSeconds,
        defaultLifetimeSeconds,
        decodeAccessKey(key),
        known.trustsClaims,
      ),
    }
    if (key === known.key || isDead(key) || record.expiresAtMs <= nowMs()) {
      throw new AuthError('key_rejected', 'The service gave an old key')
    }
    await storage.update(recordId, old => {
      const present = read(old)
      // A late answer does not replace a newer key.
      kept = present.key && present.startedAtMs > startedAtMs ? present : record
      if (present.generation !== known.generation) kept = undefined
      return kept ?? old
    })
  } catch (error) {
    const { code, retryAtMs = 0 } = error as AuthError
    await storage.update(limitId, old =>
      endStart(readStarts(old, nowMs()), identity, code === 'rate_limited' ? retryAtMs : 0),
    )
    throw error
  }
  return kept
}
