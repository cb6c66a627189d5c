/**
 * Two clocks, because two things are to be tried separately: time that passes, and a server whose clock is wrong.
 * A wrong clock dates keys wrongly and leaves the limits' windows alone; time that passes moves both.
 */
export interface Clock {
  /** The server's idea of the time of day, in milliseconds since 1970: what keys are dated and judged by. */
  wallMs(): number
  /** Counts time that passed; its zero means nothing. What the windows of limits are measured by. */
  elapsedMs(): number
  /** Real time, untouched by any shift: what the request log is dated by, so that a page can compare. */
  realMs(): number
  /** Sets how far the server's clock is ahead of real time. */
  setOffsetMs(offsetMs: number): void
  /** Lets time pass. */
  advanceMs(durationMs: number): void
  readonly offsetMs: number
}

export function createClock(nowMs: () => number): Clock {
  let offset = 0
  let advanced = 0
  return {
    wallMs: () => nowMs() + offset,
    elapsedMs: () => nowMs() + advanced,
    realMs: nowMs,
    setOffsetMs(offsetMs) {
      offset = offsetMs
    },
    advanceMs(durationMs) {
      offset += durationMs
      advanced += durationMs
    },
    get offsetMs() {
      return offset
    },
  }
}
