import { vi } from 'vitest'

/** When the tests of time begin. */
export const START_MS = Date.UTC(2030, 0, 1)

/**
 * Lets time stand still until {@link passTime}, by both clocks: `vi.setSystemTime` sets one and leaves the monotonic one
 * alone. `setImmediate` goes on, because fake-indexeddb lives of it.
 */
export function freezeTime(): void {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'], now: START_MS })
}

/** Lets everything happen that needs no time: promises, transactions, messages between tabs. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await new Promise(resolve => setImmediate(resolve))
}

/** Lets time pass from timer to timer, and at each of them lets happen what needs no time. */
export async function passTime(ms: number): Promise<void> {
  let isOver = false
  setTimeout(() => (isOver = true), ms)
  await settle()
  while (!isOver) {
    await vi.advanceTimersToNextTimerAsync()
    await settle()
  }
  // What was set for this very moment after it had been decided to wait until then.
  await vi.advanceTimersByTimeAsync(0)
  await settle()
}

/** What becomes of a promise: nothing yet, its value, or its reason. */
export function watch<T>(promise: Promise<T>) {
  const outcome: { value?: T; error?: unknown; atMs?: number } = {}
  promise.then(
    value => Object.assign(outcome, { value, atMs: Date.now() }),
    (error: unknown) => Object.assign(outcome, { error, atMs: Date.now() }),
  )
  return outcome
}
