import { type Client, createClient } from '../client.js'
import { nowMs, startTimer } from '../clock.js'
import type { AuthError } from '../errors.js'
import type { Happening } from '../host.js'
import { backOffMs } from '../lifetime.js'
import type { Settings } from '../options.js'
import type { AccessKey } from '../types.js'

/** Gives the key that all visitors share; `keepAlive` is told of work that should go on when its visitor has left. */
export type SharedKey = (keepAlive?: (work: Promise<unknown>) => void) => Promise<AccessKey>

/** Somebody's request that asks for the key, on behalf of everybody. */
interface Flight {
  /** Grows for as long as it lives. */
  beats: number
}

const SECOND_MS = 1000
const BEAT_MS = 250
/** A flight whose heart has stood still for so long has died with its request. */
const DEAD_AFTER_MS = 2 * SECOND_MS
const FIRST_LOOK_MS = 5

/** Whether `expire_duration`, in whole seconds, would say anything; a browser leaves 0 out of account. */
const isGood = ({ expiresAtMs }: AccessKey): boolean => expiresAtMs >= nowMs() + SECOND_MS

/**
 * Whether a key is to be handed out without a thought of the next. A browser renews in the last half of the time that it
 * was told, at the earliest, and that is never in the first half of the key's.
 */
const isYoung = (key: AccessKey): boolean => isGood(key) && nowMs() < (key.obtainedAtMs + key.expiresAtMs) / 2

/**
 * One key for everybody who asks, and one request for it at a time.
 *
 * On edge platforms promises, timers and fetches belong to the request that made them: whoever awaits another request's
 * may wait for ever, since it is cancelled when its visitor leaves. So requests share plain values only. The first one
 * that finds no key to hand out asks for it, with a lifecycle of its own; the others look, each by a timer of its own, and
 * the first of them that sees it dead takes over.
 *
 * @throws {AuthError} why there is no key, with the time of the next attempt; while an old key is good it is given instead
 */
export function createSharedKey(settings: Settings, emit: (event: Happening) => void): SharedKey {
  let held: AccessKey | undefined
  let failure: AuthError | undefined
  let failures = 0
  let flight: Flight | undefined

  const fly = async (mine: Flight): Promise<void> => {
    let failed: AuthError | undefined
    const client = createClient(settings, event => {
      if (event.type === 'failure') failed = event.error
      emit(event)
    })
    let cancelBeat = () => {}
    const beat = () => {
      mine.beats++
      cancelBeat = startTimer(BEAT_MS, beat)
    }
    beat()
    try {
      const key = await renewed(client)
      if (!held || key.obtainedAtMs >= held.obtainedAtMs) held = key
      failure = failed
    } catch (error) {
      failure = error as AuthError
    } finally {
      cancelBeat()
      client.end()
      failures = failure ? failures + 1 : 0
      // Of what a client knows of failures in a row nothing is left with the next one.
      if (failure) {
        const retryAtMs = nowMs() + backOffMs(failures - 1, Math.random())
        Object.assign(failure, { retryAtMs: Math.max(failure.retryAtMs ?? 0, retryAtMs) })
      }
      if (flight === mine) flight = undefined
    }
  }

  return async keepAlive => {
    const before = held
    let watched: Flight | undefined
    let beats: number | undefined
    let stillMs = 0
    let lookMs = FIRST_LOOK_MS
    for (;;) {
      if (held && (held === before ? isYoung(held) : isGood(held))) return held
      if (failure && failure.retryAtMs! > nowMs()) {
        if (held && isGood(held)) return held
        throw failure
      }
      if (flight !== watched || flight?.beats !== beats) stillMs = 0
      watched = flight
      beats = flight?.beats
      if (!flight || stillMs > DEAD_AFTER_MS) {
        const work = fly((flight = { beats: 0 }))
        keepAlive?.(work)
        await work
        continue
      }
      await new Promise<void>(resolve => startTimer(lookMs, resolve))
      // By what was slept and not by the clock: a busy machine is late for hearts and looks alike.
      stillMs += lookMs
      lookMs = Math.min(lookMs * 1.5, BEAT_MS)
    }
  }
}

/** The stored key where it is young, as another server may have renewed it, else a new one, else the old one. */
async function renewed({ obtain }: Client): Promise<AccessKey> {
  const { signal } = new AbortController()
  const key = await obtain(0, 0, false, signal)
  return isYoung(key) ? key : obtain((key.expiresAtMs - key.obtainedAtMs) / 2, 0, false, signal)
}
