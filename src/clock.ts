/** Now, in milliseconds since 1970 by this machine's clock. */
export const nowMs = () => Date.now()

/** `setTimeout` fires at once for anything longer; and Node warns of what is less than 0. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** Runs `task` after `delayMs`, or after the longest time that a timer can wait. Returns what cancels it. */
export function startTimer(delayMs: number, task: () => void): () => void {
  const timer: number | { unref?: () => void } = setTimeout(task, Math.max(0, Math.min(delayMs, LONGEST_TIMEOUT_MS)))
  // In Node a timer is an object, and must not keep the process alive.
  if (typeof timer === 'object') timer.unref?.()
  return () => clearTimeout(timer as number)
}
