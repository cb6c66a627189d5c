import { startTimer } from './clock.js'

/**
 * Runs `task` while holding a lock that all tabs of this browser profile share. Never fails because of the lock: where
 * it does not exist, or does not come in time (a frozen tab may hold it for ever), `task` is run without it.
 *
 * @param leaving stops the waiting: rejects with its reason. A task that has begun is not stopped.
 */
export async function withLock<T>(
  name: string,
  deadlineMs: number,
  leaving: AbortSignal,
  task: (isExclusive: boolean) => Promise<T>,
): Promise<T> {
  let result: Promise<T> | undefined
  const waiting = new AbortController()
  const { signal } = waiting
  const stop = () => waiting.abort()
  const cancelDeadline = startTimer(deadlineMs, stop)
  leaving.addEventListener('abort', stop, { signal })
  try {
    // On an insecure page there are no locks; in a sandboxed frame the call throws.
    await navigator.locks.request(name, { signal }, () => {
      cancelDeadline()
      return (result = task(true))
    })
  } catch {
    // The task's own failure comes back with `result`.
    if (!result) leaving.throwIfAborted()
  }
  cancelDeadline()
  stop()
  return result ?? task(false)
}
