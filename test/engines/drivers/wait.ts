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

/** How long one command to a browser may take: a page is loaded in it, on a busy machine. */
export const COMMAND_DEADLINE_MS = 40_000

/**
 * An answer, unless it takes too long: a browser that hangs would hold its test until that one's limit, which does not
 * say why.
 *
 * @throws {Error} that names the engine and the command
 */
export async function inTime<T>(
  answer: Promise<T>,
  {
    engine,
    command,
    deadlineMs = COMMAND_DEADLINE_MS,
  }: { engine: string; command: string; deadlineMs?: number | undefined },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    const said = `${engine} did not answer within ${deadlineMs} ms: ${command}`
    timer = setTimeout(() => reject(new Error(said)), deadlineMs)
  })
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer))
}
