import { race } from './race.js'

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
  leaving.throwIfAborted()
  let result: Promise<T> | undefined
  // Where there are no locks, on an insecure page, or none are allowed, in a sandboxed frame, the call throws.
  const granted = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      navigator.locks
        .request(name, { signal }, () => {
          resolve()
          return (result = task(true))
        })
        .catch(reject)
    })
  await race(granted, [leaving], deadlineMs).catch(() => {})
  if (!result) leaving.throwIfAborted()
  return result ?? task(false)
}
