import { race } from './race.js'

/**
 * Runs `task` while holding a lock that all tabs of this browser profile share. Never fails because of the lock: where
 * it does not exist, or does not come in time (a frozen tab may hold it for ever), `task` is run without it.
 *
 * @param ending stops the waiting: rejects with its reason. A task that has begun is not stopped.
 * @returns nothing when the page was left while waiting: that would have kept it out of the back/forward cache
 */
export async function withLock<T>(
  name: string,
  deadlineMs: number,
  ending: AbortSignal,
  task: (isExclusive: boolean) => Promise<T>,
): Promise<T | undefined> {
  let result: Promise<T> | undefined
  let isLeft: boolean | undefined
  const granted = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const leave = () => {
        isLeft = true
        reject()
      }
      addEventListener('pagehide', leave, { signal })
      // Where there are no locks, on an insecure page, or none are allowed, in a sandboxed frame, the call throws.
      navigator.locks
        .request(name, { signal }, () => {
          resolve()
          return (result = task(true))
        })
        .catch(reject)
    })
  await race(granted, [ending], deadlineMs).catch(() => {})
  ending.throwIfAborted()
  return result ?? (isLeft ? undefined : task(false))
}
