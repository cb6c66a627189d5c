const MINUTE_MS = 60_000
/** The documented number, for a template and an address. */
const PER_MINUTE = 5

/**
 * How the service may count; which of them is true is not known.
 *
 * - `sliding`: at most five admitted calls in any 60 s
 * - `fixed`: at most five admitted calls in each minute of its clock
 * - `all calls`: as `sliding`, but refused calls count too, so that an address that keeps on asking gets nothing
 */
export const LIMITS = ['sliding', 'fixed', 'all calls'] as const
export type LimitKind = (typeof LIMITS)[number]

/** The limit of one template and one address. */
export class Limit {
  readonly #kind: LimitKind
  /** When the last five calls were made that count, the oldest first. */
  #counted: number[] = []

  constructor(kind: LimitKind) {
    this.#kind = kind
  }

  /** @returns 0 where the call is admitted, else in how many seconds the next would be, if there is no other */
  refusesForSeconds(nowMs: number): number {
    const minuteMs = nowMs - (nowMs % MINUTE_MS)
    const oldest = this.#counted.at(-PER_MINUTE) ?? Number.NEGATIVE_INFINITY
    const isFixed = this.#kind === 'fixed'
    const freeAtMs = isFixed ? (oldest < minuteMs ? nowMs : minuteMs + MINUTE_MS) : oldest + MINUTE_MS
    const isAdmitted = freeAtMs <= nowMs
    if (isAdmitted || this.#kind === 'all calls') this.#counted = [...this.#counted.slice(1 - PER_MINUTE), nowMs]
    if (isAdmitted) return 0
    const retryAtMs = this.#kind === 'all calls' ? this.#counted[0]! + MINUTE_MS : freeAtMs
    return Math.ceil((retryAtMs - nowMs) / 1000)
  }
}
