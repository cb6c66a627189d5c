/** A literal in a rendering is another object each time: what is written in one says whether it means the same. */
function isLiteral(value: unknown): value is Record<string, unknown> {
  if (Array.isArray(value)) return true
  if (typeof value !== 'object' || !value) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // `Object.prototype` of whichever realm: what a frame or a test's environment parsed is a literal too.
  return !prototype || !Object.getPrototypeOf(prototype)
}

/** `[object RegExp]`, for example, in whichever realm it was made. */
const kindOf = (value: unknown): string => Object.prototype.toString.call(value)

/** A callback is called as it is at that time, so that another one, or none, is no other value. */
const isNoValue = (value: unknown) => value === undefined || typeof value === 'function'

/** Whether two options, or all that they hold, mean the same. Callbacks are passed over, and `undefined` is as absent. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || (isNoValue(a) && isNoValue(b))) return true
  if (kindOf(a) !== kindOf(b)) return false
  if (/RegExp|URL\]/.test(kindOf(a))) return `${a as RegExp | URL}` === `${b as RegExp | URL}`
  return isLiteral(a) && isLiteral(b) && Object.keys({ ...a, ...b }).every(name => isSameValue(a[name], b[name]))
}
