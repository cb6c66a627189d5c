import { GrantedKey } from './access-key.js'
import { attemptKey, lockDeadlineMs } from './attempt.js'
import { nowMs, startTimer } from './clock.js'
import { AuthError } from './errors.js'
import { type KeyRecord, keyRecordId } from './key-record.js'
import { openKeyRecord } from './key-record-store.js'
import { RETRY_MS, refusedBlockMs, renewAtMs } from './lifetime.js'
import { withLock } from './lock.js'
import type { Settings } from './options.js'
import { isVisible } from './page.js'
import { EXPIRED } from './refusal.js'
import { indexedDb, memoryStorage, withMemory } from './storage.js'
import type { AccessKey, AuthEvent, AuthState, StorageKind } from './types.js'

/** An event before it is given its time. */
export type Happening = AuthEvent extends infer E ? (E extends AuthEvent ? Omit<E, 'atMs'> : never) : never
type Suits = (record: KeyRecord) => boolean

/** The lifecycle that all instances of one identity on a page share; it alone writes their state. */
export type Client = ReturnType<typeof createClient>

/** How long to wait for another tab's request before looking again, where there are no locks. */
const POLL_MS = 250
/** Without storage the limit of five a minute is the page's. */
const pageMemory = memoryStorage()

/** @param emit tells all instances what happened; never called while the lock is held */
export function createClient(settings: Settings, identity: string, emit: (event: Happening) => void) {
  const { storage: chosen } = settings
  const recordId = keyRecordId(identity)
  const ending = new AbortController()
  const { signal } = ending
  const listeners = new Set<(state: AuthState) => void>()
  /** Keys that were refused, and the writing down of it. */
  const buried = new Map<string, Promise<void>>()

  /** What is in memory: a record, its key, and when renewal begins. */
  let held: KeyRecord | undefined
  let heldKey: GrantedKey | undefined
  let renewalAtMs = 0
  /** The attempt under way: resolves with whether it made a request. */
  let running: Promise<boolean> | undefined
  /** Why the last attempt failed, until one succeeds, and when a timer tries again. */
  let failure: AuthError | undefined
  let retryAtMs = 0
  /** Records of an older generation were cleared. */
  let leastGeneration = 0
  let clearing: Promise<void> | undefined
  /** A key that came by a request of this page's and was neither accepted nor refused yet. */
  let untriedKey = ''
  let refusalsInARow = 0
  let cancelTimer = () => {}

  let storageKind: StorageKind = typeof chosen === 'object' ? 'custom' : chosen
  const database = typeof chosen === 'object' ? chosen : chosen === 'memory' ? undefined : indexedDb
  const storage = withMemory(database, pageMemory, () => (storageKind = 'memory'))
  let snapshot = {} as AuthState
  const records = openKeyRecord(storage, recordId, signal)
  const { read, write } = records
  const peek = () => (heldKey && nowMs() < heldKey.expiresAtMs ? heldKey : undefined)

  const state = (): AuthState => {
    const key = peek()
    const error = key || running ? undefined : failure
    const status = key ? 'ready' : running ? 'loading' : error ? 'error' : 'idle'
    const next = { status, key, error, storage: storageKind, retryAtMs: error?.retryAtMs } as const
    const isSame = (Object.keys(next) as (keyof AuthState)[]).every(name => next[name] === snapshot[name])
    return isSame ? snapshot : (snapshot = Object.freeze(next))
  }

  let published = state()

  /** Something may be different now: sets the timer for the next time, and tells the listeners. */
  const changed = (): void => {
    cancelTimer()
    if (signal.aborted) return
    if (listeners.size && !running) {
      const sinceMs = held?.startedAtMs ?? 0
      cancelTimer = startTimer(Math.max(renewalAtMs, retryAtMs, sinceMs + RETRY_MS) - nowMs(), () => {
        retryAtMs = nowMs() + RETRY_MS
        // An old key is not renewed for nobody's eyes.
        if (held && !isVisible()) changed()
        else void start(({ startedAtMs }) => startedAtMs > sinceMs)
      })
    }
    if (state() === published) return
    if (published.storage !== storageKind) emit({ type: 'degraded' })
    published = snapshot
    listeners.forEach(listener => listener(published))
  }

  /** A key from storage or the network, at the price of one request at most. */
  const obtain = async (minValidityMs: number, isForced: boolean): Promise<AccessKey> => {
    const calledAtMs = nowMs()
    const suits: Suits = ({ startedAtMs, expiresAtMs }) =>
      startedAtMs > calledAtMs || (!isForced && expiresAtMs > nowMs() + minValidityMs)
    for (;;) {
      const joined = running
      try {
        const isFresh = await (joined ?? start(suits, isForced))
        const key = peek()
        if (key && (!joined || isFresh || suits(held!))) return key
      } catch (error) {
        const key = peek()
        if (key && !isForced) return key
        throw error
      }
    }
  }

  const start = (suits: Suits, isForced?: boolean): Promise<boolean> => {
    // A refused template may have been mended; a limit is written down in storage.
    if (isForced) failure = undefined
    running = run(suits).finally(() => {
      running = undefined
      changed()
    })
    // Whoever waits has a promise of his own.
    running.catch(() => {})
    changed()
    return running
  }

  const run = async (suits: Suits): Promise<boolean> => {
    try {
      for (;;) {
        await clearing
        adopt(await read())
        if (peek() && suits(held!)) return false
        if (failure && failure.retryAtMs! > nowMs()) throw failure

        const attempt = (isExclusive: boolean) =>
          attemptKey(settings, records, storage, identity, signal, isExclusive, isGood, suits)
        const [record, isFresh] =
          (await (storageKind === 'memory'
            ? attempt(true)
            : withLock(recordId, lockDeadlineMs(settings), signal, attempt))) ?? []
        if (isFresh && record) {
          adopt(record, true)
          if (peek()) return true
        }
        // Another tab's request is under way, or this page was left.
        if (!record) await new Promise<void>(resolve => startTimer(POLL_MS, resolve))
      }
    } catch (error) {
      signal.throwIfAborted()
      throw error === failure ? error : noteFailure(error as AuthError)
    }
  }

  const isGood = ({ key, expiresAtMs }: KeyRecord): boolean => !!key && expiresAtMs > nowMs() && !buried.has(key)

  /**
   * Takes up what storage holds, where that is newer than what is in memory.
   *
   * @param isFresh it came by a request of this page's
   */
  const adopt = (record: KeyRecord, isFresh?: boolean): void => {
    const { key, startedAtMs, expiresAtMs, generation } = record
    if (held && generation > held.generation) drop('cleared')
    if (held && !key && startedAtMs >= held.startedAtMs) drop('invalidated')
    if (!isGood(record) || generation < leastGeneration || startedAtMs <= (held?.startedAtMs ?? 0)) return
    held = record
    heldKey = new GrantedKey(key, startedAtMs, expiresAtMs)
    renewalAtMs = renewAtMs(startedAtMs, expiresAtMs, Math.random())
    failure = undefined
    retryAtMs = 0
    if (isFresh) untriedKey = key
    emit({ type: isFresh ? 'key' : 'cache_hit', expiresAtMs })
  }

  const drop = (type: 'cleared' | 'invalidated'): void => {
    held = heldKey = undefined
    renewalAtMs = 0
    // What was cleared is not asked for again before somebody wants it.
    retryAtMs = type === 'cleared' ? Number.POSITIVE_INFINITY : 0
    emit({ type })
  }

  const noteFailure = (error: AuthError): AuthError => {
    failure = error
    retryAtMs = error.retryAtMs ?? nowMs() + RETRY_MS
    emit({ type: 'failure', error, retryAtMs })
    return error
  }

  /** Gives a key up. `isExpired`: the service said that its time was over. */
  const invalidate = (key: string, isExpired = false): Promise<void> => {
    let written = buried.get(key)
    if (!written) {
      written = write(record =>
        record.key === key
          ? { key: '', trustsClaims: record.trustsClaims || (isExpired && nowMs() < record.expiresAtMs) }
          : undefined,
      )
      buried.set(key, written)
      if (held?.key === key) drop('invalidated')
      changed()
    }
    return written
  }

  return {
    state,
    peek,
    obtain,
    invalidate,
    /**
     * What the service made of a key: `refusal` is its word where it refused it.
     *
     * @throws {AuthError} `key_rejected` when two fresh keys in a row were refused and none accepted
     */
    async judge(key: string, status: number, refusal: string | undefined): Promise<void> {
      if (key === untriedKey && status < 500) {
        untriedKey = ''
        refusalsInARow = refusal ? refusalsInARow + 1 : 0
      }
      if (!refusal) return
      await invalidate(key, refusal === EXPIRED)
      if (refusalsInARow < 2) return
      const retryAtMs = nowMs() + refusedBlockMs(refusalsInARow)
      throw noteFailure(new AuthError('key_rejected', undefined, { status, retryAtMs }))
    },
    clear(): Promise<void> {
      leastGeneration = Number.POSITIVE_INFINITY
      failure = undefined
      drop('cleared')
      changed()
      return (clearing = write(({ generation }) => ({ key: '', generation: (leastGeneration = generation + 1) })))
    },
    /** `listener` is first called at the next change, and must be another function each time. */
    subscribe(listener: (state: AuthState) => void): () => void {
      if (!failure) retryAtMs = 0
      listeners.add(listener)
      // Not at once: nobody is called before he can unsubscribe, and who mounts twice asks once.
      queueMicrotask(changed)
      return () => {
        listeners.delete(listener)
        changed()
      }
    },
    /** Ends the timer, the listeners and the request. Nothing is written after it. */
    end(): void {
      ending.abort()
      cancelTimer()
    },
  }
}
