import { signal } from '@preact/signals'

const TICK_MS = 250

let ticking: ReturnType<typeof setInterval> | undefined

/** This machine's clock. It ticks only while something on the page shows it. */
export const nowMs = signal(Date.now(), {
  watched() {
    // Not at once: a signal must not change while its first reader is being set up.
    queueMicrotask(() => {
      this.value = Date.now()
    })
    ticking = setInterval(() => {
      this.value = Date.now()
    }, TICK_MS)
  },
  unwatched() {
    clearInterval(ticking)
  },
})
