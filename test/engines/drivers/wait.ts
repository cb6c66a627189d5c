import { setTimeout as delay } from 'node:timers/promises'

/** How long anything may take that a test waits for: shared machines are slow. */
export const DEADLINE_MS = 20_000

type Falsy = undefined | null | false | 0 | ''

/**
 * Looks until there is something to see.
 *
 * @param what is waited for, for the error's message
 * @param look returns what it found, or something falsy
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<Exclude<T, Falsy>> {
  const endsAtMs = performance.now() + deadlineMs
  for (let pauseMs = 5; ; pauseMs = Math.min(100, pauseMs * 1.5)) {
    const found = await look()
    if (found) return found as Exclude<T, Falsy>
    if (performance.now() > endsAtMs) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}`)
    await delay(pauseMs)
  }
}
