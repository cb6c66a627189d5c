/** Lets all microtasks run: what a task has started has come to its end, or to a timer, when a real immediate comes. */
const settled = () => new Promise<void>(resolve => setImmediate(resolve))

/** Time moves in steps of this: what is due in one step runs together, so that a day of 10,000 browsers takes minutes. */
export const STEP_MS = 20

interface Entry {
  task: (() => void) | undefined
}

/** Virtual time up to an end, beyond which nothing happens. Nothing here waits for a real clock. */
export class Timeline {
  readonly startMs = Date.UTC(2030, 0, 1, 9)
  readonly endMs: number
  nowMs = this.startMs
  /** What is due, by step. */
  readonly #due: (Entry[] | undefined)[] = []

  constructor(spanMs: number) {
    this.endMs = this.startMs + spanMs
  }

  /** In one step the order is that of asking. Returns what cancels it. */
  in(delayMs: number, task: () => void): () => void {
    const entry: Entry = { task }
    const atMs = this.nowMs + delayMs
    // Never in the step that is under way: nothing takes no time at all.
    const step = Math.max(Math.ceil((atMs - this.startMs) / STEP_MS), (this.nowMs - this.startMs) / STEP_MS + 1)
    if (atMs <= this.endMs) (this.#due[step] ??= []).push(entry)
    return () => {
      entry.task = undefined
    }
  }

  /** Lets all time pass. */
  async run(): Promise<void> {
    for (let step = 1; this.startMs + step * STEP_MS <= this.endMs; step++) {
      const due = this.#due[step]
      if (!due) continue
      this.#due[step] = undefined
      this.nowMs = this.startMs + step * STEP_MS
      for (const { task } of due) task?.()
      await settled()
    }
    this.nowMs = this.endMs
  }
}
