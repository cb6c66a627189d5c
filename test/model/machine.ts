import type { Timeline } from './timeline.ts'

/** What the clocks showed at a moment. */
export interface Moment {
  trueMs: number
  wallMs: number
  monotonicMs: number
}

/** The visitor's machine: its two clocks, and its sleep. All tabs share it. */
export class Machine {
  isAsleep = false
  isOnLine = true
  wentOffLineAtMs = 0
  /** For how long the monotonic clock has stood still. */
  stoodMs = 0
  /** When somebody set the wall clock, by true time, and by how much. */
  readonly settings: { atMs: number; byMs: number }[] = []
  readonly #timeline: Timeline
  readonly #standsInSleep: boolean
  #aheadMs: number
  #asleepSinceMs = 0

  /** @param standsInSleep whether the monotonic clock stops while the machine sleeps, as it does in some systems */
  constructor(timeline: Timeline, aheadMs: number, standsInSleep: boolean) {
    this.#timeline = timeline
    this.#aheadMs = aheadMs
    this.#standsInSleep = standsInSleep
  }

  get wallMs(): number {
    return this.#timeline.nowMs + this.#aheadMs
  }

  /** Timers follow this clock too. */
  get monotonicMs(): number {
    const isStanding = this.isAsleep && this.#standsInSleep
    return (isStanding ? this.#asleepSinceMs : this.#timeline.nowMs) - this.stoodMs
  }

  get now(): Moment {
    return { trueMs: this.#timeline.nowMs, wallMs: this.wallMs, monotonicMs: this.monotonicMs }
  }

  setWall(byMs: number): void {
    this.#aheadMs += byMs
    this.settings.push({ atMs: this.#timeline.nowMs, byMs })
  }

  /** Whether the clock was set since, back or forward; of late or ever. */
  wasSet(sinceMs = 0): boolean {
    return this.settings.some(({ atMs }) => atMs >= sinceMs)
  }

  wasSetBack(sinceMs: number): boolean {
    return this.settings.some(({ atMs, byMs }) => atMs >= sinceMs && byMs < 0)
  }

  fallAsleep(): void {
    this.isAsleep = true
    this.#asleepSinceMs = this.#timeline.nowMs
  }

  wakeUp(): void {
    this.isAsleep = false
    if (this.#standsInSleep) this.stoodMs += this.#timeline.nowMs - this.#asleepSinceMs
  }
}
