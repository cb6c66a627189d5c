const SECOND_MS = 1000
/** `setTimeout` fires at once for anything longer; and Node warns of what is less than 0. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** By how much {@link nowMs} is ahead of this machine's clock, because that was set back: whole milliseconds. */
export let aheadMs = 0
/** By how much it is ahead of the monotonic clock. */
let aheadOfMonotonicMs = 0
/** When the monotonic clock, which is slow to read, was last looked at. */
let lookedAtMs = 0

/**
 * Now, in milliseconds since 1970: this machine's clock, but for a page's time it never runs backwards. The monotonic
 * clock alone would not do: it may stop while a laptop sleeps.
 */
export function nowMs(): number {
  let now = Date.now() + aheadMs
  if (now < lookedAtMs || now > lookedAtMs + SECOND_MS) {
    const behindMs = Math.round(performance.now() + aheadOfMonotonicMs - now)
    // Less than a second is how clocks are corrected, and how the two differ.
    if (behindMs > SECOND_MS) {
      aheadMs += behindMs
      now += behindMs
    } else aheadOfMonotonicMs -= Math.min(0, behindMs)
    lookedAtMs = now
  }
  return now
}

/** Runs `task` after `delayMs`, or after the longest time that a timer can wait. Returns what cancels it. */
export function startTimer(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, Math.max(0, Math.min(delayMs, LONGEST_TIMEOUT_MS)))
  // In Node a timer is an object, and must not keep the process alive; elsewhere it is a number.
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer)
}
