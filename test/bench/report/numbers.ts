/** Three digits that say something, and thousands apart. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(size >= 10 ? 1 : 2)
}

/** Nanoseconds in the unit in which they can be read. */
export function duration(ns: number): string {
  if (ns >= 1e6) return `${digits(ns / 1e6)} ms`
  return ns >= 1000 ? `${digits(ns / 1000)} µs` : `${digits(ns)} ns`
}

/** Bytes in kilobytes of 1,000. */
export const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

export const ratio = (value: number, to: number) => `${digits(value / to)} ×`

export const milliseconds = (ms: number) => duration(ms * 1e6)
