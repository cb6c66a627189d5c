type Handler = ((event: Event) => void) | { handleEvent(event: Event): void }
interface Registration {
  type: string
  handler: Handler
  isOnce: boolean
}

/** What listens to a window or a document: as an `EventTarget`, but it can be asked who is left. */
export class Listeners {
  #registrations: Registration[] = []

  /** The events that somebody still listens to. */
  get types(): string[] {
    return this.#registrations.map(({ type }) => type)
  }

  readonly add = (type: string, handler: Handler | null, options?: boolean | AddEventListenerOptions): void => {
    const { signal, once = false } = typeof options === 'object' ? options : {}
    const isKnown = this.#registrations.some(known => known.type === type && known.handler === handler)
    if (!handler || signal?.aborted || isKnown) return
    this.#registrations.push({ type, handler, isOnce: once })
    signal?.addEventListener('abort', () => this.remove(type, handler))
  }

  readonly remove = (type: string, handler: Handler | null): void => {
    this.#registrations = this.#registrations.filter(known => known.type !== type || known.handler !== handler)
  }

  dispatch(type: string, details: object = {}): void {
    const event = { type, ...details } as Event
    for (const { type: known, handler, isOnce } of [...this.#registrations]) {
      if (known !== type) continue
      if (isOnce) this.remove(type, handler)
      if (typeof handler === 'function') handler(event)
      else handler.handleEvent(event)
    }
  }
}
