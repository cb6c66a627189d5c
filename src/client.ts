import { GrantedKey } from './access-key.js'
import { attemptKey, type KeyRecordStore, lockDeadlineMs } from './attempt.js'
import { openChannel } from './channel.js'
import { nowMs, startTimer } from './clock.js'
import { AuthError, isAuthError } from './errors.js'
import { type KeyRecord, keyRecordId, readKeyRecord } from './key-record.js'
import { MIN_LIFETIME_FOR_TIMER_MS, RETRY_MS, refusedBlockMs, renewAtMs } from './lifetime.js'
import { withLock } from './lock.js'
import type { Settings } from './options.js'
import { isVisible, watchPage } from './page.js'
import { EXPIRED } from './refusal.js'
import { indexedDb, withMemory } from './storage.js'
import type { AccessKey, AuthEvent, AuthState, StorageKind } from './types.js'

/** An event before it is given its time. */
export type Happening = AuthEvent extends infer E ? (E extends AuthEvent ? Omit<E, 'atMs'> : never) : never
type Suits = (record: KeyRecord) => boolean

/** The lifecycle that all instances of one identity on a page share; it alone writes their state. */
export type Client = ReturnType<typeof createClient>

/** How long to wait for another tab's request before looking again, where there are no locks. */
const POLL_MS = 250
/** Without storage the limit of five a minute is the page's. */
const pageMemory = new Map<string, unknown>()

/**
 * @param isShared whether other tabs and later page loads use the same records
 * @param emit tells all instances what happened; never called while the lock is held
 */
export function createClient(
  settings: Settings,
  identity: string,
  isShared: boolean,
  emit: (event: Happening) => void,
) {
  const { storage: chosen, templateId } = settings
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
  let isTimers = false
  /** Why the last attempt failed, until one succeeds, and when a timer tries again. */
  let failure: AuthError | undefined
  let retryAtMs = 0
  /** Records of an older generation were cleared. */
  let leastGeneration = 0
  let clearing: Promise<void> | undefined
  /** A key that came by a request of this page's and was neither accepted nor refused yet. */
  let untriedKey = ''
  let refusalsInARow = 0
  let leaving = new AbortController()
  let channel: BroadcastChannel | undefined
  let cancelTimer = () => {}
  let onHint = () => {}

  const isCustom = typeof chosen === 'object'
  let storageKind: StorageKind = isShared ? (isCustom ? 'custom' : chosen) : 'memory'
  const database = storageKind === 'memory' ? undefined : isCustom ? chosen : indexedDb
  const storage = withMemory(
    database,
    isShared ? pageMemory : new Map(),
    () => {
      storageKind = 'memory'
    },
    signal,
  )
  let snapshot: AuthState = Object.freeze({ status: 'idle', storage: storageKind })
  let published = snapshot

  const toRecord = (stored: unknown) => readKeyRecord(stored, nowMs(), templateId)
  const records: KeyRecordStore = {
    read: async () => toRecord(await storage.get(recordId)),
    async write(change) {
      await storage.update(recordId, old => {
        const record = toRecord(old)
        return { ...record, ...change(record) }
      })
      channel?.postMessage(recordId)
    },
  }
  const { read, write } = records
  const peek = () => (heldKey && nowMs() < heldKey.expiresAtMs ? heldKey : undefined)

  function state(): AuthState {
    const key = peek()
    const error = key || running ? undefined : failure
    const status = key ? 'ready' : running ? 'loading' : error ? 'error' : 'idle'
    const next = { status, key, error, storage: storageKind, retryAtMs: error?.retryAtMs } as const
    const isSame = (Object.keys(next) as (keyof AuthState)[]).every(name => next[name] === snapshot[name])
    return isSame ? snapshot : (snapshot = Object.freeze(next))
  }

  /** Something may be different now: sets the timer for the next time, and tells the listeners. */
  function changed(): void {
    cancelTimer()
    if (signal.aborted) return
    if (listeners.size && !running && isVisible()) {
      const isShort = held && held.expiresAtMs - held.startedAtMs < MIN_LIFETIME_FOR_TIMER_MS
      const waitMs = (isShort ? held!.expiresAtMs : Math.max(renewalAtMs, retryAtMs)) - nowMs()
      if (waitMs > 0) cancelTimer = startTimer(waitMs, changed)
      else if (!isShort) renew()
    }
    if (state() === published) return
    if (published.storage !== storageKind) emit({ type: 'degraded' })
    published = snapshot
    for (const listener of [...listeners]) listener(published)
  }

  /** The key in memory, if it will do. */
  function ready(minValidityMs: number): AccessKey | undefined {
    const key = peek()
    const now = nowMs()
    if (!key || key.expiresAtMs <= now + minValidityMs) return
    // It is used while its renewal goes on.
    if (now >= renewalAtMs && now >= retryAtMs) renew()
    return key
  }

  /** A key from storage or the network, at the price of one request at most. */
  async function obtain(minValidityMs: number, isForced: boolean): Promise<AccessKey> {
    const calledAtMs = nowMs()
    const suits: Suits = ({ startedAtMs, expiresAtMs }) =>
      startedAtMs > calledAtMs || (!isForced && expiresAtMs > nowMs() + minValidityMs)
    for (;;) {
      const joined = running
      const isTimersAttempt = isTimers
      try {
        const isFresh = await (joined ?? start(suits, isForced, false))
        const key = peek()
        if (key && (!joined || isFresh || suits(held!))) return key
      } catch (error) {
        const key = peek()
        if (key && !isForced) return key
        // A timer gives up sooner than a caller, who may make two requests more.
        if (!joined || !isTimersAttempt) throw error
      }
    }
  }

  /** Starts an attempt for which nobody waits. */
  function renew(): void {
    const sinceMs = held?.startedAtMs ?? 0
    if (!running) start(({ startedAtMs }) => startedAtMs > sinceMs, false, !!(held ?? failure))
  }

  function start(suits: Suits, isForced: boolean, isTimer: boolean): Promise<boolean> {
    watchPage(onPageEvent, signal)
    isTimers = isTimer
    running = run(suits, isForced, isTimer).finally(() => {
      running = undefined
      changed()
    })
    // Whoever waits has a promise of his own.
    running.catch(() => {})
    changed()
    return running
  }

  async function run(suits: Suits, isForced: boolean, isTimer: boolean): Promise<boolean> {
    if (isForced && failure?.code === 'template_rejected') failure = undefined
    try {
      for (;;) {
        await clearing
        adopt(await read())
        if (peek() && suits(held!)) return false
        // What the service refuses is not asked for again; our own limit may have room again at any time.
        if (failure?.status && failure.retryAtMs! > nowMs()) throw failure

        let record: KeyRecord | undefined
        let isFresh: boolean | undefined
        const { signal: left } = leaving
        const attempt = (isExclusive: boolean) =>
          attemptKey(settings, records, storage, identity, signal, isTimer, isExclusive, isGood, suits)
        try {
          if (storageKind !== 'memory') channel ??= openChannel(onChannelHint)
          ;[record, isFresh] = await (storageKind === 'memory'
            ? attempt(true)
            : withLock(recordId, lockDeadlineMs(settings), left, attempt))
        } catch (error) {
          if (!left.aborted || isAuthError(error)) throw error
        }
        if (isFresh && record) {
          adopt(record, true)
          if (peek()) return true
        }
        // Another tab's request is under way, or this page was left.
        if (!record) await new Promise<void>(resolve => startTimer(POLL_MS, (onHint = resolve)))
      }
    } catch (error) {
      signal.throwIfAborted()
      if (error !== failure) noteFailure(error as AuthError)
      throw error
    }
  }

  function isGood({ key, expiresAtMs, generation }: KeyRecord): boolean {
    return !!key && expiresAtMs > nowMs() && !buried.has(key) && generation >= leastGeneration
  }

  /**
   * Takes up what storage holds, where that is newer than what is in memory.
   *
   * @param isFresh it came by a request of this page's
   */
  function adopt(record: KeyRecord, isFresh?: boolean): void {
    const { key, startedAtMs, expiresAtMs, generation } = record
    if (held && generation > held.generation) drop('cleared')
    if (held && !key && startedAtMs >= held.startedAtMs) drop('invalidated')
    if (!isGood(record) || startedAtMs <= (held?.startedAtMs ?? 0)) return
    held = record
    heldKey = new GrantedKey(key, startedAtMs, expiresAtMs)
    renewalAtMs = renewAtMs(startedAtMs, expiresAtMs, Math.random())
    failure = undefined
    retryAtMs = 0
    if (isFresh) untriedKey = key
    emit({ type: isFresh ? 'key' : 'cache_hit', expiresAtMs })
  }

  function drop(type: 'cleared' | 'invalidated'): void {
    held = heldKey = undefined
    renewalAtMs = 0
    // What was cleared is not asked for again before somebody wants it.
    retryAtMs = type === 'cleared' ? Number.POSITIVE_INFINITY : 0
    emit({ type })
  }

  function noteFailure(error: AuthError): void {
    failure = error
    retryAtMs = error.retryAtMs ?? nowMs() + RETRY_MS
    emit({ type: 'failure', error, ...(listeners.size && { retryAtMs }) })
  }

  /** Another tab says that the record has changed: it is read, and only what was read counts. */
  async function onChannelHint(id: unknown): Promise<void> {
    if (id !== recordId) return
    onHint()
    adopt(await read())
    changed()
  }

  function onPageEvent({ type }: Event): void {
    if (type === 'pagehide') {
      // An open channel and a lock that is waited for would keep the page out of the back/forward cache.
      leaving.abort()
      channel?.close()
      channel = undefined
    } else if (type === 'pageshow' && leaving.signal.aborted) {
      leaving = new AbortController()
      if (storageKind !== 'memory') channel = openChannel(onChannelHint)
      void onChannelHint(recordId)
    } else changed()
  }

  /** Gives a key up. `isExpired`: the service said that its time was over. */
  function invalidate(key: string, isExpired?: boolean): Promise<void> {
    let written = buried.get(key)
    if (!written) {
      written = write(record =>
        record.key === key
          ? { key: '', trustsClaims: record.trustsClaims || (!!isExpired && nowMs() < record.expiresAtMs) }
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
    ready,
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
      noteFailure(
        new AuthError('key_rejected', {
          status,
          retryAtMs: nowMs() + refusedBlockMs(refusalsInARow),
        }),
      )
      throw failure
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
    /** Ends timers, listeners, channel and the request. Nothing is written after it. */
    end(): void {
      ending.abort()
      leaving.abort()
      cancelTimer()
      channel?.close()
      onHint()
    },
  }
}
