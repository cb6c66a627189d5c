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
  /** The identity of the last of them, until it has failed: it may still be under way. */
  readonly openBy: unknown
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
  const blockedUntilMs = ownNumber(stored, 'blockedUntilMs')
  return {
    // What a later release has added stays.
    ...(stored as StartRecord),
    starts: [own(stored, 'starts') as number[]]
      .flat()
      .filter(atMs => Number.isFinite(atMs) && atMs > nowMs - WINDOW_MS && !isFuture(atMs, nowMs)),
    blockedUntilMs: isFuture(blockedUntilMs, nowMs + MAX_BLOCK_MS) ? 0 : blockedUntilMs,
  }
}

/**
 * When another request may be started: a time at or before now is at once.
 *
 * @param maxPerMinute how many may be started in any 60 s, at least 1
 */
export function mayStartAtMs(record: StartRecord, maxPerMinute: number): number {
  // The start that has to leave the window first. They are in order, as each was written after the one before.
  return Math.max(record.blockedUntilMs, (record.starts.at(-maxPerMinute) ?? -WINDOW_MS) + WINDOW_MS)
}
