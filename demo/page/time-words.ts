const MINUTE_SECONDS = 60
const HOUR_SECONDS = 3600
const DAY_SECONDS = 86_400

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** `14:03:27`, by this machine's clock and zone. */
export function clockTime(atMs: number): string {
  return clockFormat.format(atMs)
}

/** What is left, as a kitchen timer shows it: `19:42`, `1:00:05`, and `0:00` once it is over. */
export function countdown(leftMs: number): string {
  // Up, so that the last second is shown as 0:01 and 0:00 means over.
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  const two = (part: number) => String(part).padStart(2, '0')
  const hours = Math.floor(seconds / HOUR_SECONDS)
  const minutes = Math.floor(seconds / MINUTE_SECONDS) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** What is left, within a sentence: `42 s`, `2 min 5 s`, `15 min`. */
export function leftWords(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  const minutes = Math.floor(seconds / MINUTE_SECONDS)
  const rest = seconds % MINUTE_SECONDS
  return [minutes > 0 && `${minutes} min`, (rest > 0 || minutes === 0) && `${rest} s`].filter(Boolean).join(' ')
}

/** `20 minutes`, `90 seconds`, `2 days`: the largest unit that divides it. */
export function spanWords(seconds: number): string {
  for (const [unit, unitSeconds] of [
    ['day', DAY_SECONDS],
    ['hour', HOUR_SECONDS],
    ['minute', MINUTE_SECONDS],
  ] as const) {
    if (seconds >= unitSeconds && seconds % unitSeconds === 0) return counted(seconds / unitSeconds, unit)
  }
  return counted(seconds, 'second')
}

/** `1 key request`, `2 key requests`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `0.2 ms`, `38 ms`, `2.1 s`. */
export function durationWords(durationMs: number): string {
  if (durationMs < 1) return `${Math.max(0.1, Math.round(durationMs * 10) / 10)} ms`
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`
}
