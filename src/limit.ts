import { own, ownNumber } from './untrusted.js'

/**
 * The record of key requests that a browser profile has started at one key URL: what the limit of five a minute is
 * counted by, and the ticket that stands in for a lock where there is none. Its shape may only gain fields, because
 * tabs of two releases share it.
 */
export interface StartRecord {
  /** When requests were started, in the last minute. */
  readonly starts: readonly number[]
  /** Until when the service has refused to answer, or 0. */
  readonly blockedUntilMs: number
  /** By identity: when its last request was started, or 0 when that has failed. Two cache scopes may ask at once. */
  readonly openSinceMs: Readonly<Record<string, number>>
}

export const startRecordId = (keyUrl: string) => `starts/${keyUrl}`

const WINDOW_MS = 60_000
/** How long the service is left alone after it said "too many", where it did not say how long. */
export const DEFAULT_BLOCK_MS = 60_000
export const MAX_BLOCK_MS = 15 * 60_000

/** Whether a stored moment lies ahead, so that the clock must have been set back since. */
export const isFuture = (atMs: number, nowMs: number) => atMs > nowMs + 1000

/** Reads a stored record of any shape; what is not understood, over, or from the future is left out. */
export function readStarts(stored: unknown, nowMs: number): StartRecord {
  const starts = own(stored, 'starts')
  const blockedUntilMs = ownNumber(stored, 'blockedUntilMs')
  return {
    // What a later release has added stays.
    ...(stored as object),
    starts: (Array.isArray(starts) ? starts : []).filter(atMs => atMs > nowMs - WINDOW_MS && !isFuture(atMs, nowMs)),
    blockedUntilMs: isFuture(blockedUntilMs, nowMs + MAX_BLOCK_MS) ? 0 : blockedUntilMs,
    openSinceMs: Object(own(stored, 'openSinceMs')) as StartRecord['openSinceMs'],
  }
}

/**
 * When another request may be started: 0, or a time at or before now, is at once.
 *
 * @param maxPerMinute how many may be started in any 60 s
 */
export function mayStartAtMs({ starts, blockedUntilMs }: StartRecord, maxPerMinute: number): number {
  // The start that has to leave the window first.
  const blocking = [...starts].sort((a, b) => a - b).at(-Math.max(1, maxPerMinute))
  return Math.max(blockedUntilMs, blocking ? blocking + WINDOW_MS : 0)
}

/**
 * The ticket, for want of a lock: whether another tab's request of this identity may still be under way.
 *
 * @param settledAtMs the start of the newest request that is known to have brought a key
 * @param sinceMs an older one must have ended by now
 */
export function isBusy({ openSinceMs }: StartRecord, identity: string, settledAtMs: number, sinceMs: number): boolean {
  return ownNumber(openSinceMs, identity) > Math.max(settledAtMs, sinceMs)
}

export function addStart(record: StartRecord, identity: string, atMs: number): StartRecord {
  const { starts, openSinceMs } = record
  return { ...record, starts: [...starts, atMs], openSinceMs: { ...openSinceMs, [identity]: atMs } }
}

/** @param blockedUntilMs until when the service refuses others, or 0 */
export function endStart(record: StartRecord, identity: string, blockedUntilMs: number): StartRecord {
  return {
    ...record,
    blockedUntilMs: Math.max(record.blockedUntilMs, blockedUntilMs),
    openSinceMs: { ...record.openSinceMs, [identity]: 0 },
  }
}
