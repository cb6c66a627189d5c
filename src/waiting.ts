import { nowMs, startTimer } from './clock.js'
import type { AuthError } from './errors.js'

/** How long to wait for another tab's request before looking again, where there are no locks. */
export const POLL_MS = 250

/** Whether an error does not pass by waiting. */
export const isLasting = ({ code }: AuthError) => /rejected|malformed/.test(code)

/**
 * Resolves at `atMs`, or before it: when it is woken, or when `over` is aborted.
 *
 * @param sleepers everybody who waits; calling one wakes him
 */
export function waitUntil(sleepers: Set<() => void>, atMs: number, over?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const wake = () => {
      cancelTimer()
      over?.removeEventListener('abort', wake)
      sleepers.delete(wake)
      resolve()
    }
    const cancelTimer = startTimer(atMs - nowMs(), wake)
    sleepers.add(wake)
    over?.addEventListener('abort', wake)
  })
}
