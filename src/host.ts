/** Calls a listener of the host page. What it throws is reported as uncaught, and harms nobody else. */
export function callHost<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value)
  } catch (error) {
    ;(globalThis.reportError ?? console.error)(error)
  }
}
