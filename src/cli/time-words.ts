const UNITS = [
  ['day', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** `20 min`, `1 h 30 min`, `2 days`: the largest unit, and the next one. */
export function span(seconds: number): string {
  const whole = Math.round(seconds)
  const largest = Math.max(
    0,
    UNITS.findIndex(([, unitSeconds]) => whole >= unitSeconds),
  )
  const counts = UNITS.slice(largest, largest + 2).map(([unit, unitSeconds], i) => {
    const count = Math.floor((i === 0 ? whole : whole % UNITS[largest]![1]) / unitSeconds)
    return count > 0 ? `${count} ${unit === 'day' && count > 1 ? 'days' : unit}` : ''
  })
  return counts.filter(Boolean).join(' ') || '0 s'
}

/** `14:03:27`, by this machine's clock and zone, with the date where it is not today. */
export function clockTime(atMs: number, nowMs: number): string {
  const at = new Date(atMs)
  const two = (part: number) => `${part}`.padStart(2, '0')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
  if (at.toDateString() === new Date(nowMs).toDateString()) return time
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`
}
