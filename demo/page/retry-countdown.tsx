import { type ReadonlySignal, useComputed } from '@preact/signals'
import { nowMs } from './clock.ts'
import { clockTime, leftWords } from './time-words.ts'

interface NextTry {
  untilMs: ReadonlySignal<number | undefined>
}

/**
 * "Next try in 42 s", as time passes. The ticking text is for the eyes and for who goes there to read it: a screen
 * reader does not say each second of it. What is said, once, is {@link NextTryTime}.
 */
export function RetryCountdown({ untilMs }: NextTry) {
  const words = useComputed(() => {
    const atMs = untilMs.value
    return atMs !== undefined && atMs > nowMs.value ? `Next try in ${leftWords(atMs - nowMs.value)}` : 'Trying again …'
  })
  return (
    <p class="notice-retry" role="timer" aria-live="off" data-testid="countdown">
      {words}
    </p>
  )
}

/** The same as a time of day, for a live region: it changes once for each try. */
export function NextTryTime({ untilMs }: NextTry) {
  const atMs = untilMs.value
  return atMs === undefined ? null : <span class="for-screen-readers"> The next try is at {clockTime(atMs)}.</span>
}
