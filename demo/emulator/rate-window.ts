/** Counts events within the last minute. */
export interface RateWindow {
  /** How long until one more event fits, in milliseconds; 0 means that it fits now. */
  waitMs(atMs: number, limit: number): number
  add(atMs: number): void
}

const MINUTE_MS = 60_000

/** `sliding`: any 60 s. `fixed`: minutes that begin at multiples of 60 s of the server's elapsed time. */
export type WindowKind = 'sliding' | 'fixed'

export function createRateWindow(kind: () => WindowKind): RateWindow {
  let eventsMs: number[] = []
  const startMs = (atMs: number) => (kind() === 'sliding' ? atMs - MINUTE_MS : atMs - (atMs % MINUTE_MS) - 1)
  return {
    waitMs(atMs, limit) {
      eventsMs = eventsMs.filter(eventMs => eventMs > atMs - 2 * MINUTE_MS)
      const inWindow = eventsMs.filter(eventMs => eventMs > startMs(atMs))
      if (inWindow.length < limit) return 0
      if (kind() === 'fixed') return MINUTE_MS - (atMs % MINUTE_MS)
      // The window has room again once so many of the oldest have left it that `limit - 1` remain.
      const leaving = inWindow[Math.max(0, inWindow.length - limit)] ?? atMs
      return leaving + MINUTE_MS - atMs
    },
    add(atMs) {
      eventsMs.push(atMs)
    },
  }
}
