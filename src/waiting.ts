import { nowMs } from './clock.js'
import type { AuthError } from './errors.js'
import { race } from './race.js'

/** How long to wait for another tab's request before looking again, where there are no locks. */
export const POLL_MS = 250

/** Whether an error does not pass by waiting. */
export const isLasting = (error: AuthError) => /rejected|malformed/.test(error.code)

/**
 * Resolves at `atMs`, or before it: when it is woken, or when `over` is aborted.
 *
 * @param sleepers everybody who waits; calling one wakes him
 */
export async function waitUntil(sleepers: Set<() => void>, atMs: number, over?: AbortSignal): Promise<void> {
  let wake: () => void
  const woken = () =>
    new Promise<void>(resolve => {
      sleepers.add((wake = resolve))
    })
  // With 0 a race has no end.
  await race(woken, [over], atMs - nowMs() || -1).catch(() => {})
  sleepers.delete(wake!)
}
