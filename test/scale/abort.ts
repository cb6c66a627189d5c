type Listener = (event: { type: string }) => void

/** `AbortSignal`, as far as the library uses it: Node's own takes most of the time of a day of 10,000 browsers. */
class LeanSignal {
  aborted = false
  reason: unknown
  readonly #listeners = new Set<Listener>()

  addEventListener(_type: 'abort', listener: Listener, { signal }: { signal?: LeanSignal } = {}): void {
    this.#listeners.add(listener)
    signal?.addEventListener('abort', () => this.#listeners.delete(listener))
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener({ type: 'abort' })
    this.#listeners.clear()
  }
}

/** `AbortController` with such a signal. */
export class LeanAbortController {
  readonly signal = new LeanSignal()

  abort(reason: unknown = new Error('aborted')): void {
    this.signal.abort(reason)
  }
}
