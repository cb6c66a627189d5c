// Compares sizes with those that are recorded.

/** Another Node's zlib may differ by a few bytes. */
export const toleranceBytes = 20

/** See `difference.d.mts`. */
export function sizeDifferences(recorded, measured) {
  const names = [...new Set([...Object.keys(measured), ...Object.keys(recorded)])]
  return names
    .filter(name => !(Math.abs(measured[name] - recorded[name]) <= toleranceBytes))
    .map(name => {
      const { [name]: now = 'absent' } = measured
      const { [name]: before = 'absent' } = recorded
      return `${name}: ${before} → ${now}`
    })
}
