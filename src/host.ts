import type { AuthEvent } from './types.js'

/** An event before it is given its time. */
export type Happening = AuthEvent extends infer E ? (E extends AuthEvent ? Omit<E, 'atMs'> : never) : never

/** Calls a listener of the host page. What it throws is reported as uncaught, and harms nobody else. */
export function callHost<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value)
  } catch (error) {
    ;(globalThis.reportError ?? console.error)(error)
  }
}
