import { setTimeout as delay } from 'node:timers/promises'
import type { StepOrder } from './page/elastic-time.ts'
import type { TabStatus } from './page/tab.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { SoakTab } from './tab.ts'

/** Timers that are due within it run in one step. A browser aligns them too, in tabs at which nobody looks to seconds. */
const GRAIN_MS = 40
const COARSE_GRAIN_MS = 1000
/** How long a lock that is free and wanted may be on its way, in real time. */
const LOCK_TRANSIT_MS = 500
/** The same of an answer. */
const TRANSIT_MS = 20
/** So many steps in one moment are a circle. */
const MOST_STEPS = 20_000

/** Lets time pass in all tabs and the service at once, from one moment at which something happens to the next. */
export class Lockstep {
  readonly #time: SimulatedTime
  readonly #tabs: Set<SoakTab>
  readonly #mayHang: () => Pick<StepOrder, 'requestsMayHang' | 'databaseMayHang'>
  readonly #onStatus: (tab: SoakTab, status: TabStatus) => void
  #activity = ''
  #sleptMs = 0
  stepCount = 0

  /** @param onStatus is told what a tab has told, in each step */
  constructor(
    time: SimulatedTime,
    tabs: Set<SoakTab>,
    mayHang: () => Pick<StepOrder, 'requestsMayHang' | 'databaseMayHang'>,
    onStatus: (tab: SoakTab, status: TabStatus) => void,
  ) {
    this.#time = time
    this.#tabs = tabs
    this.#mayHang = mayHang
    this.#onStatus = onStatus
  }

  /** What a tab is told with the next step. */
  order(): StepOrder {
    return { nowMs: this.#time.nowMs, ...this.#mayHang() }
  }

  async passTo(untilMs: number, isQuiet = false): Promise<void> {
    const grainMs = isQuiet ? COARSE_GRAIN_MS : GRAIN_MS
    for (let steps = 0; ; steps++) {
      const nextTimerAtMs = await this.untilQuiet()
      const nextMs = Math.min(nextTimerAtMs, this.#time.nextWaitAtMs)
      if (nextMs > untilMs && this.#time.nowMs >= untilMs) return
      const beforeMs = this.#time.nowMs
      const isAnswering = this.#time.passTo(Math.min(untilMs, nextMs + grainMs))
      // No tab knows yet of an answer that was kept back for a while.
      if (isAnswering) await delay(TRANSIT_MS)
      if (this.#time.nowMs > beforeMs) steps = 0
      if (steps > MOST_STEPS) throw new Error('Tabs do things without end, and no time passes')
    }
  }

  /** The machine is asleep: time passes, and no timer runs, nor the monotonic clock. */
  async sleep(durationMs: number): Promise<void> {
    await this.untilQuiet()
    this.#time.passTo(this.#time.nowMs + durationMs)
    this.#sleptMs = durationMs
    await this.untilQuiet()
  }

  /** Resolves when all that goes on by itself is over, with the time of the next timer. */
  async untilQuiet(): Promise<number> {
    let lockFreeSinceMs = Number.POSITIVE_INFINITY
    for (;;) {
      const awake = [...this.#tabs].filter(({ isFrozen }) => !isFrozen)
      const order = { ...this.order(), sleptMs: this.#sleptMs }
      this.#sleptMs = 0
      const statuses = await Promise.all(awake.map(tab => tab.step(order)))
      this.stepCount++
      statuses.forEach((status, index) => this.#onStatus(awake[index]!, status))
      const stuck = statuses.flatMap(({ stuck }) => stuck)
      if (stuck.length > 0) throw new Error(`Nothing keeps it back, and it does not end: ${stuck.join(', ')}`)

      const activity = awake.map(({ number }, index) => `${number}:${statuses[index]!.activity}`).join()
      const isWanted = statuses.some(({ locksWanted }) => locksWanted > 0)
      // A frozen tab may hold it, or have been given it.
      const isFree = ![...this.#tabs].some(({ isFrozen, status }) => isFrozen || status!.locksHeld > 0)
      if (!isWanted || !isFree) lockFreeSinceMs = Number.POSITIVE_INFINITY
      else if (lockFreeSinceMs === Number.POSITIVE_INFINITY) lockFreeSinceMs = performance.now()
      const isInTransit = isWanted && isFree && performance.now() - lockFreeSinceMs < LOCK_TRANSIT_MS

      const isQuiet = statuses.every(({ openCount }) => openCount === 0) && activity === this.#activity
      this.#activity = activity
      if (isQuiet && !isInTransit) {
        return Math.min(Number.MAX_SAFE_INTEGER, ...statuses.map(({ nextTimerAtMs }) => nextTimerAtMs))
      }
    }
  }
}
