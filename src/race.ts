import { startTimer } from './clock.js'
import { AuthError } from './errors.js'

/**
 * Settles as `run` does, or rejects as soon as a signal is aborted, with its reason, or the time is over.
 *
 * @param run is given a signal that is aborted with the end of the race; it may heed it or not
 * @throws {AuthError} `timeout` when the time is over
 */
export async function race<T>(
  run: (signal: AbortSignal) => Promise<T>,
  signals: (AbortSignal | undefined)[],
  timeoutMs?: number,
): Promise<T> {
  const end = new AbortController()
  const { signal } = end
  let cancelTimer: (() => void) | undefined
  try {
    return await new Promise<T>((resolve, reject) => {
      if (timeoutMs) cancelTimer = startTimer(timeoutMs, () => reject(new AuthError('timeout')))
      for (const other of signals) {
        other?.throwIfAborted()
        other?.addEventListener('abort', () => reject(other.reason), { signal })
      }
      run(signal).then(resolve, reject)
    })
  } finally {
    cancelTimer?.()
    end.abort()
  }
}
