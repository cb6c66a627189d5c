import { GrantedKey } from './access-key.js'
import { attemptKey, type Suits } from './attempt.js'
import { nowMs, startTimer } from './clock.js'
import { AuthError } from './errors.js'
import type { Happening } from './host.js'
import { type KeyRecord, keyRecordId } from './key-record.js'
import { openKeyRecord } from './key-record-store.js'
import { backOffMs, LOOK_MS, MIN_TIMER_LIFETIME_MS, MIN_TIMER_MS, renewAtMs } from './lifetime.js'
import type { Settings } from './options.js'
import { isVisible, watchPage } from './page.js'
import { nextState } from './state.js'
import type { AccessKey, AuthState } from './types.js'
import { createVerdicts } from './verdict.js'
import { isLasting, POLL_MS, waitUntil } from './waiting.js'

/** The lifecycle that all instances of one identity on a page share; it alone writes their state. */
export type Client = ReturnType<typeof createClient>

/** @param emit tells all instances what happened; never called while the lock is held */
export function createClient(settings: Settings, emit: (event: Happening) => void) {
  const recordId = keyRecordId(settings.identity)
  const ending = new AbortController()
  const { signal } = ending
  const listeners = new Set<(state: AuthState) => void>()
  const sleepers = new Set<() => void>()
  /** Keys that were given up, and the writing down of it; and new ones of which the service has said nothing yet. */
  const refused = new Map<string, Promise<void>>()
  const untried = new Set<string>()

  /** What is in memory: a record, its key, and when renewal begins. */
  let held: KeyRecord | undefined
  let heldKey: GrantedKey | undefined
  let renewalAtMs = 0
  /** The attempt under way: resolves with whether it made a request. How many callers want a key at the moment. */
  let running: Promise<boolean> | undefined
  let wantedBy = 0
  let attemptedAtMs = 0
  /** Why the last attempt failed, how many did in a row, and when callers and the timer may try again. */
  let failure: AuthError | undefined
  let failures = 0
  let callersAtMs = 0
  let timerAtMs = 0
  let clearing: Promise<void> | undefined
  /** How many subscribers want a good key in a hidden page too. */
  let leases = 0
  let cancelTimer = () => {}

  const take = (record: KeyRecord): void => {
    adopt(record)
    changed()
  }
  const look = async () => take(await read())
  const records = openKeyRecord(settings, recordId, signal, look, take)
  const { read, kind } = records
  const peek = () => (heldKey && nowMs() < heldKey.expiresAtMs ? heldKey : undefined)
  let snapshot: AuthState | undefined
  const state = () => (snapshot = nextState(snapshot, peek(), running, wantedBy, failure, kind()))
  let published = state()

  /** Something may be different now: sets the timer for the next time, and tells the listeners. */
  const changed = (): void => {
    cancelTimer()
    if (signal.aborted) return
    // A first key is wanted in a hidden page too; but nothing is renewed for nobody's eyes.
    if (listeners.size && !running && (leases || isVisible() || !attemptedAtMs)) {
      const expiresAtMs = held?.expiresAtMs ?? 0
      const isShort = held && expiresAtMs - held.startedAtMs < MIN_TIMER_LIFETIME_MS
      const dueAtMs = isShort ? Infinity : Math.max(renewalAtMs, timerAtMs, attemptedAtMs + MIN_TIMER_MS)
      // Who listens is told of the end of a key that could not be renewed.
      const nextAtMs = peek() ? Math.min(dueAtMs, expiresAtMs) : dueAtMs
      if (dueAtMs <= nowMs()) renew()
      else cancelTimer = startTimer(Math.min(nextAtMs - nowMs(), LOOK_MS), changed)
    }
    if (state() === published) return
    if (published.storage !== kind() && kind() === 'memory') emit({ type: 'degraded' })
    published = state()
    listeners.forEach(listener => listener(published))
  }

  /** The key in memory, if it will do. It is used while its renewal goes on. */
  const ready = (minValidityMs: number): AccessKey | undefined => {
    const key = peek()
    const now = nowMs()
    if (!key || key.expiresAtMs <= now + minValidityMs) return
    if (!running && now >= renewalAtMs && now >= timerAtMs) renew()
    return key
  }

  /** A key from storage or the network, at the price of one request that succeeds. */
  const obtain = async (minValidityMs: number, maxWaitMs: number, isForced: boolean, over: AbortSignal) => {
    const calledAtMs = nowMs()
    const sinceMs = Math.max(calledAtMs, held?.startedAtMs ?? 0)
    const suits: Suits = record =>
      record.startedAtMs > sinceMs || (!isForced && record.expiresAtMs > nowMs() + minValidityMs)
    // A refused template may have been mended; a limit is written down in storage.
    if (isForced) forget()
    wantedBy++
    try {
      for (;;) {
        const joined = running
        let error: AuthError | undefined
        const isFresh = await (joined ?? start(suits)).catch(reason => void (error = reason))
        const key = peek()
        if (key && (error ? !isForced : !joined || isFresh || suits(held!))) return key
        // After a timer, which gives up sooner than a caller, this one may try himself.
        if (error && callersAtMs) {
          if (isLasting(error) || callersAtMs > calledAtMs + maxWaitMs) throw error
          if (!sleepers.size) emit({ type: 'wait', untilMs: callersAtMs })
          await waitUntil(sleepers, callersAtMs, over)
        }
        over.throwIfAborted()
      }
    } finally {
      wantedBy--
      changed()
    }
  }

  /** Starts an attempt for which nobody waits. */
  const renew = (): void => {
    const sinceMs = held?.startedAtMs ?? 0
    void start(record => record.startedAtMs > sinceMs, !!(held ?? failure))
  }

  const start = (suits: Suits, isTimer?: boolean): Promise<boolean> => {
    watchPage(onPage, signal)
    attemptedAtMs = nowMs()
    running = run(suits, isTimer).finally(() => {
      running = undefined
      changed()
    })
    // Whoever waits has a promise of his own.
    running.catch(() => {})
    changed()
    return running
  }

  const run = async (wish: Suits, isTimer?: boolean): Promise<boolean> => {
    // A key's start and end are fixed once, also when this machine's clock was set back since.
    const suits: Suits = record => wish(record.key === held?.key ? held : record)
    try {
      for (;;) {
        await clearing
        adopt(await read())
        // It is there, or was cleared while it was renewed for nobody.
        if ((peek() && suits(held!)) || (isTimer && timerAtMs > nowMs())) return false
        if (callersAtMs > nowMs()) throw failure
        const [record, isFresh] = await attemptKey(settings, records, recordId, signal, isTimer, isGood, suits)
        if (record) {
          adopt(record, isFresh)
          if (peek() && (isFresh ?? suits(held!))) return !!isFresh
        }
        // Another tab's request is under way, or this page was left.
        await waitUntil(sleepers, nowMs() + POLL_MS)
      }
    } catch (error) {
      signal.throwIfAborted()
      throw error === failure ? error : failed(error as AuthError, isTimer)
    }
  }

  /** An attempt has failed; gives the error the time of the next where it has none. */
  const failed = (error: AuthError, isTimer?: boolean): AuthError => {
    const toldMs = error.retryAtMs ?? 0
    const retryAtMs = toldMs > nowMs() ? toldMs : nowMs() + backOffMs(failures++, Math.random())
    failure = Object.assign(error, { retryAtMs: (timerAtMs = retryAtMs) })
    // A timer leaves some requests to callers: what it may not do they may.
    callersAtMs = isTimer && error.code === 'rate_limited' && !error.status ? 0 : retryAtMs
    emit({ type: 'failure', error, retryAtMs })
    changed()
    return error
  }

  /** Nothing stands against another attempt any more. */
  const forget = (): void => {
    failure = undefined
    failures = callersAtMs = timerAtMs = 0
    sleepers.forEach(wake => wake())
  }

  /** Whether a record's key may be used: that in memory, whose end is fixed, or a newer one. */
  const isGood = ({ key, startedAtMs, expiresAtMs }: KeyRecord): boolean => {
    const isCandidate = key === held?.key ? peek() : startedAtMs > (held?.startedAtMs ?? 0)
    return !!key && !!isCandidate && expiresAtMs > nowMs() && !refused.has(key)
  }

  /** Takes up what storage holds, or (`isFresh`) a request of this page's has brought, where it is newer. */
  const adopt = (record: KeyRecord, isFresh?: boolean): void => {
    const { key, startedAtMs, expiresAtMs, generation } = record
    if (held && generation > held.generation) drop('cleared')
    else if (expiresAtMs && !key && held && startedAtMs >= held.startedAtMs) drop('invalidated')
    if (key === held?.key || !isGood(record)) return
    held = record
    heldKey = new GrantedKey(key, startedAtMs, expiresAtMs)
    renewalAtMs = renewAtMs(startedAtMs, expiresAtMs, Math.random())
    if (isFresh) untried.add(key)
    forget()
    emit({ type: isFresh ? 'key' : 'cache_hit', expiresAtMs })
  }

  const invalidated = (key: string): void => {
    if (held?.key === key) drop('invalidated')
    changed()
  }
  const drop = (type: 'cleared' | 'invalidated'): void => {
    // What stood against another one went with it, the same key again for example.
    forget()
    held = heldKey = undefined
    renewalAtMs = 0
    // What was cleared is not asked for again before somebody wants it.
    timerAtMs = type === 'cleared' ? Infinity : 0
    emit({ type })
  }

  const onPage = (): void => {
    if (failure?.code === 'network') forget()
    if (isVisible()) void look()
    else changed()
  }

  return {
    state,
    peek,
    ready,
    obtain,
    ...createVerdicts(records, refused, untried, invalidated, failed),
    clear(): Promise<void> {
      drop('cleared')
      changed()
      return (clearing = records.clear())
    },
    /** `listener` must be another one each time. `isLease`: a key is kept good in a hidden page too, for an upload. */
    subscribe(listener: (state: AuthState) => void, isLease?: boolean): () => void {
      listeners.add(listener)
      if (isLease) leases++
      // Not at once: nobody is called before he can unsubscribe, and who mounts twice asks once.
      queueMicrotask(() => (listeners.size && !running && !peek() ? renew() : changed()))
      return () => {
        if (listeners.delete(listener) && isLease) leases--
        changed()
      }
    },
    /** Ends the timer, the listeners, the channel and the request. Nothing is written after it. */
    end(): void {
      ending.abort(new AuthError('disposed'))
      cancelTimer()
      forget()
    },
  }
}
