import type { Random } from './random.ts'
import type { Tab } from './tab.ts'

/** `slow` takes longer than the library waits, and answers all the same; what `hangs` answers when the fault ends. */
export type DiskMode = 'ok' | 'throws' | 'hangs' | 'slow' | 'full'

const FAULTS = { throws: 'UnknownError', full: 'QuotaExceededError' } as const

/** What a browser profile stores, and the faults of it, whichever kind of store the library was given. */
export class Disk {
  readonly records = new Map<string, unknown>()
  /** Everything that was asked to be written, done or not. */
  readonly writes: { tab: Tab; atMs: number }[] = []
  /** When it last failed, lost something or let somebody wait. */
  faultedAtMs = Number.NEGATIVE_INFINITY
  readonly #random: Random
  readonly #nowMs: () => number
  #mode: DiskMode = 'ok'
  #accessedAtMs = 0
  #stuck: (() => void)[] = []

  constructor(random: Random, nowMs: () => number) {
    this.#random = random
    this.#nowMs = nowMs
  }

  get mode(): DiskMode {
    return this.#mode
  }

  set mode(mode: DiskMode) {
    if (mode !== 'ok' || this.#mode !== 'ok') this.noteFault()
    this.#mode = mode
    if (mode === 'hangs') return
    for (const resume of this.#stuck.splice(0)) resume()
  }

  noteFault(): void {
    this.faultedAtMs = this.#nowMs()
  }

  /** `sinceMs` may be long past: a fault matters as long as memory serves instead. */
  wasReliableSince(sinceMs: number): boolean {
    return this.#mode === 'ok' && this.faultedAtMs < sinceMs
  }

  /** Whether somebody may be waiting for it at this moment. */
  get isBusy(): boolean {
    return this.#accessedAtMs > this.#nowMs() - 50
  }

  noteWrite(tab: Tab): void {
    if (tab.isClosed) return
    this.writes.push({ tab, atMs: this.#nowMs() })
    tab.world.endings.onWrite(tab)
  }

  /** Before a write: from here on the tab cannot keep it back. */
  noteWriter(tab: Tab): void {
    if (!tab.isClosed) tab.world.endings.onWriter(tab)
  }

  /** Calls, when the disk has turned, one of both in the tab that asked. */
  access(tab: Tab, isWrite: boolean, succeed: () => void, fail: (error: DOMException) => void): void {
    const mode = this.#mode
    this.#accessedAtMs = this.#nowMs()
    if (mode === 'hangs') this.#stuck.push(() => tab.later(this.#random() * 20, succeed))
    else if (mode === 'throws' || (mode === 'full' && isWrite)) {
      tab.later(this.#random() * 3, () => fail(new DOMException('The disk has a fault', FAULTS[mode])))
    } else tab.later(mode === 'slow' ? 1100 + this.#random() * 20_000 : this.#random() * 3, succeed)
  }
}
