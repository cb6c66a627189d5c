import type { Random } from '../model/random.ts'
import { Answer } from './answer.ts'
import { Limit, type LimitKind } from './limit.ts'
import type { Timeline } from './timeline.ts'

export const TOKEN = 'fdocs'
export const TEMPLATE = 'SECU_0123456789ABCDEF0123456789ABCDEF'
/** What a template's keys live unless it says otherwise. */
const LIFETIME_MS = 20 * 60_000

/** How the service is taken to behave where that is not known. */
export interface Habits {
  limit: LimitKind
  /** Whether a page may read `Retry-After`. */
  tellsRetryAfter: boolean
}

/** The service that gives keys, as one address sees it. */
export class Service {
  callCount = 0
  refusedCount = 0
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #habits: Habits
  readonly #limit: Limit
  readonly #diesAtMs = new Map<string, number>()

  constructor(timeline: Timeline, random: Random, habits: Habits) {
    this.#timeline = timeline
    this.#random = random
    this.#habits = habits
    this.#limit = new Limit(habits.limit)
  }

  /** By when a key of this service's is dead. */
  diesAtMs(key: string): number {
    return this.#diesAtMs.get(key) ?? 0
  }

  /** `fetch` of a key, from the address that has the limit. */
  readonly fetchKey = (): Promise<Answer> =>
    new Promise(resolve => {
      this.#timeline.in(this.wayMs(), () => {
        const answer = this.#answer()
        this.#timeline.in(this.wayMs(), () => resolve(answer))
      })
    })

  /** How long one way takes: from 20 to 120 ms. */
  wayMs(): number {
    return 20 + 100 * this.#random()
  }

  #answer(): Answer {
    const { nowMs } = this.#timeline
    this.callCount++
    const seconds = this.#limit.refusesForSeconds(nowMs)
    if (seconds) {
      this.refusedCount++
      const headers = this.#habits.tellsRetryAfter ? { 'Retry-After': String(seconds) } : undefined
      return new Answer({ status: 'error', code: 'TOO_MANY_REQUESTS', msg: 'Try again later' }, 429, headers)
    }
    // The documented answer: nothing in it tells how long the key lives.
    const key = `SASS_key_number_${this.#diesAtMs.size}`
    this.#diesAtMs.set(key, nowMs + LIFETIME_MS)
    return new Answer({ status: 'success', key, hint: 'New key created and ready to use' })
  }
}
