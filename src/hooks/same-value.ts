/** A literal in a rendering is another object each time: what is written in one says whether it means the same. */
const isLiteral = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) || (!!value && [Object.prototype, null].includes(Object.getPrototypeOf(value)))

/** A callback is called as it is at that time, so that another one, or none, is no other value. */
const isNoValue = (value: unknown) => value === undefined || typeof value === 'function'

/** Whether two options, or all that they hold, mean the same. Callbacks are passed over, and `undefined` is as absent. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || (isNoValue(a) && isNoValue(b))) return true
  if (a instanceof RegExp || a instanceof URL) return b?.constructor === a.constructor && `${a}` === `${b as RegExp}`
  if (!isLiteral(a) || !isLiteral(b) || Array.isArray(a) !== Array.isArray(b)) return false
  return Object.keys({ ...a, ...b }).every(name => isSameValue(a[name], b[name]))
}
