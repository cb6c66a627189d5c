import type { Random } from './random.ts'
import type { Tab } from './tab.ts'

interface Message {
  data: unknown
}

/** The open `BroadcastChannel`s of a browser profile. */
export class Airwaves {
  readonly #random: Random
  readonly #onMessage: (data: unknown) => void
  readonly #channels = new Set<TabChannel>()

  /** @param onMessage is shown everything that is said */
  constructor(random: Random, onMessage: (data: unknown) => void) {
    this.#random = random
    this.#onMessage = onMessage
  }

  /** The constructor, as one tab has it. */
  of(tab: Tab): typeof TabChannel {
    const [channels, send] = [this.#channels, this.#send]
    return class extends TabChannel {
      constructor(name: string) {
        super(name, tab, channels, send)
      }
    }
  }

  openIn(tab: Tab): number {
    return [...this.#channels].filter(channel => channel.tab === tab).length
  }

  closeAllOf(tab: Tab): void {
    for (const channel of this.#channels) if (channel.tab === tab) channel.close()
  }

  /** Some other script of the origin speaks on every channel that it can find. */
  interfere(data: unknown): void {
    for (const channel of this.#channels) this.#deliver(channel, data)
  }

  readonly #send = (sender: TabChannel, data: unknown): void => {
    this.#onMessage(data)
    for (const channel of this.#channels) {
      if (channel !== sender && channel.name === sender.name) this.#deliver(channel, structuredClone(data))
    }
  }

  #deliver(channel: TabChannel, data: unknown): void {
    channel.tab.later(1 + this.#random() * 4, () => this.#channels.has(channel) && channel.hear({ data }))
  }
}

class TabChannel {
  onmessage: ((message: Message) => void) | undefined
  readonly name: string
  readonly tab: Tab
  readonly #channels: Set<TabChannel>
  readonly #send: (sender: TabChannel, data: unknown) => void
  readonly #listeners = new Set<(message: Message) => void>()

  constructor(name: string, tab: Tab, channels: Set<TabChannel>, send: (sender: TabChannel, data: unknown) => void) {
    this.name = name
    this.tab = tab
    this.#channels = channels
    this.#send = send
    if (!tab.isClosed) channels.add(this)
  }

  addEventListener(type: string, listener: (message: Message) => void): void {
    if (type === 'message') this.#listeners.add(listener)
  }

  postMessage(data: unknown): void {
    if (!this.#channels.has(this) && !this.tab.isClosed)
      throw new DOMException('Channel is closed', 'InvalidStateError')
    this.#send(this, data)
  }

  hear(message: Message): void {
    this.onmessage?.(message)
    for (const listener of this.#listeners) listener(message)
  }

  close(): void {
    this.#channels.delete(this)
  }
}
