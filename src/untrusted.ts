/**
 * Reads a property of something that came from outside, own ones only: a page that gave `Object.prototype` a `key`
 * must not make every answer a success.
 */
export function own(value: unknown, name: string): unknown {
  return Object.hasOwn(value ?? {}, name) ? (value as Record<string, unknown>)[name] : undefined
}

/** A moment or a counter that came from outside; anything else counts as 0. */
export function ownNumber(value: unknown, name: string): number {
  const number = own(value, name)
  return Number.isFinite(number) && (number as number) > 0 ? (number as number) : 0
}

/** Whether something that came from outside is a text of this form. */
export const isText = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value)
