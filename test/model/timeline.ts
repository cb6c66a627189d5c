/**
 * Lets everything happen that needs no time: all microtasks, and Node's report of rejections that nobody handles, have
 * run when a real immediate comes. Nothing here waits for a real clock.
 */
const turn = () => new Promise<void>(resolve => setImmediate(resolve))

interface Entry {
  atMs: number
  task: () => void
}

/** Virtual time, and what is to happen in it. One entry is one task of an event loop: what it starts is run to its end. */
export class Timeline {
  /** True time, which is also the service's clock: milliseconds since 1970. */
  nowMs = Date.UTC(2030, 0, 1)
  readonly #entries: Entry[] = []
  readonly #afterEach: () => void

  /** @param afterEach is called when everything that a task has started has settled; may throw */
  constructor(afterEach: () => void) {
    this.#afterEach = afterEach
  }

  /** At the same moment the order is that of asking. Returns what cancels it. */
  in(delayMs: number, task: () => void): () => void {
    const entry = { atMs: this.nowMs + Math.max(0, Math.round(delayMs)), task }
    let place = this.#entries.length
    while (place > 0 && this.#entries[place - 1]!.atMs > entry.atMs) place--
    this.#entries.splice(place, 0, entry)
    return () => {
      const index = this.#entries.indexOf(entry)
      if (index >= 0) this.#entries.splice(index, 1)
    }
  }

  /** Lets time pass. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.nowMs + durationMs
    await this.#settle()
    while (this.#entries.length > 0 && this.#entries[0]!.atMs <= untilMs) {
      const { atMs, task } = this.#entries.shift()!
      this.nowMs = Math.max(this.nowMs, atMs)
      task()
      await this.#settle()
    }
    this.nowMs = untilMs
  }

  /** Lets time pass until `isOver` says so, and no longer than `atMostMs`. */
  async passUntil(isOver: () => boolean, atMostMs: number): Promise<void> {
    const untilMs = this.nowMs + atMostMs
    await this.#settle()
    while (!isOver() && this.nowMs < untilMs) {
      await this.pass(Math.min(untilMs, this.#entries[0]?.atMs ?? untilMs) - this.nowMs)
    }
  }

  async #settle(): Promise<void> {
    await turn()
    this.#afterEach()
  }
}
