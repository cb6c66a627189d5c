import type { Random } from '../model/random.ts'
import type { Answer } from './answer.ts'
import type { Timeline } from './timeline.ts'

/** `fetch` of a key. */
export type FetchKey = () => Promise<Answer>

/** A browser profile at the office: what its page finds, and whom it tells of a new key. */
export interface Browser {
  readonly timeline: Timeline
  readonly random: Random
  readonly fetchKey: FetchKey
  /** From now on requests are signed with this key, or with none. */
  readonly holds: (key: string | undefined) => void
  /** What outlives its pages. */
  readonly storage: Map<string, unknown>
}

/** Opens a page in a browser; returns what closes it. */
export type OpenPage = (browser: Browser) => () => void

/** A way of getting keys. */
export interface Way {
  openPage: OpenPage
  /** Whom its pages ask, where that is not the service itself. */
  fetchKey?: FetchKey
}

/** The timers of one page: those that are left end with it. */
export function pageTimers({ timeline }: Browser) {
  const open = new Map<number, () => void>()
  let count = 0
  return {
    setTimeout(task: () => void, delayMs = 0): number {
      const id = ++count
      const run = () => {
        open.delete(id)
        task()
      }
      open.set(id, timeline.in(delayMs, run))
      return id
    },
    clearTimeout(id: number): void {
      open.get(id)?.()
      open.delete(id)
    },
    end(): void {
      for (const cancel of open.values()) cancel()
      open.clear()
    },
  }
}
