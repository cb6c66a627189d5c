import type { KeyStorage } from '../../src/index.ts'
import { openKeyStore } from './key-store.ts'
import type { CoreLibrary } from './library.ts'
import { Listeners } from './listeners.ts'
import type { Moment } from './machine.ts'
import { type Random, seededRandom } from './random.ts'
import type { Service } from './service.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

interface Timer {
  dueMs: number
  task: () => void
}

/** What `setTimeout` takes for "at once", in every browser. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** Globals that are the same in every tab, and none of the model's business: what a tab does not have is not there. */
const REST = Object.defineProperties({}, Object.getOwnPropertyDescriptors(globalThis)) as { BroadcastChannel?: unknown }
delete REST.BroadcastChannel

/** A tab with its own copy of the library. Its tasks run when the machine is awake and the browser has not frozen it. */
export class Tab {
  readonly world: World
  readonly number: number
  readonly opened: Moment
  readonly lib: CoreLibrary
  readonly sessions: Session[] = []
  readonly window = new Listeners()
  readonly document = new Listeners()
  readonly keyStore: KeyStorage
  isVisible: boolean
  isFrozen = false
  isClosed = false
  /** It was frozen while the disk was at work, so that it holds others up, and takes the disk to be slow. */
  isWaitedFor = false
  /** What the library reported as uncaught, which a listener of the host has thrown. */
  reportCount = 0
  /** What its listeners have thrown. */
  thrownCount = 0
  /** The option `requestKey`: one function, so that all auths of an identity share a lifecycle. */
  requestKey: ((context: { signal: AbortSignal }) => ReturnType<Service['grantKey']>) | undefined
  /** When somebody last had a reason to want a key, by {@link runningMs}. */
  demandedAtMs = Number.NEGATIVE_INFINITY
  /** When a page event or a new subscriber last made it look at once, by {@link runningMs}. */
  lookedAtMs = 0
  /** When it was opened or could last go on after it had been stopped. */
  resumedAtMs: number
  readonly #random: Random
  readonly #timers = new Map<number, Timer>()
  #timerCount = 0
  #parked: (() => void)[] = []
  #stoppedMs = 0
  #stoppedSinceMs: number | undefined

  constructor(world: World, number: number, isVisible: boolean) {
    this.world = world
    this.number = number
    this.opened = world.machine.now
    this.resumedAtMs = this.opened.trueMs
    this.isVisible = isVisible
    this.#random = seededRandom(world.setup.seed + number)
    this.keyStore = openKeyStore(world.disk, this, world.setup.throwsAtOnce)
    this.lib = world.load(this.#scope())
  }

  get isStopped(): boolean {
    return this.isFrozen || this.world.machine.isAsleep
  }

  /** For how long its tasks have been able to run. */
  get runningMs(): number {
    const { nowMs } = this.world.timeline
    return nowMs - this.opened.trueMs - this.#stoppedMs - (nowMs - (this.#stoppedSinceMs ?? nowMs))
  }

  get timerCount(): number {
    return this.#timers.size
  }

  /** Runs a task of the browser in this tab: an answer, a message, a granted lock. */
  later(delayMs: number, task: () => void): void {
    this.world.timeline.in(delayMs, () => this.#run(task))
  }

  /** Something of the library's runs that nobody catches the errors of. */
  guard(task: () => void): void {
    if (this.isClosed) return
    try {
      task()
    } catch (error) {
      this.world.fail(`tab ${this.number} threw an error that nobody catches: ${String(error)}`)
    }
  }

  /** A page event, on which the library may look at once whether it needs a key. */
  dispatch(type: string, details: object = {}): void {
    this.lookedAtMs = this.runningMs
    this.guard(() => {
      if (type === 'visibilitychange') this.document.dispatch(type)
      this.window.dispatch(type, details)
    })
  }

  show(isVisible: boolean): void {
    if (this.isVisible === isVisible) return
    this.isVisible = isVisible
    this.demandedAtMs = this.runningMs
    this.dispatch('visibilitychange')
  }

  freeze(): void {
    this.isFrozen = true
    this.noteStop()
  }

  thaw(): void {
    this.isFrozen = false
    this.noteStop()
  }

  /** To be called after everything that stops tabs or lets them go on: parked tasks come late, and in their order. */
  noteStop(): void {
    const { nowMs } = this.world.timeline
    if (this.isStopped) this.#stoppedSinceMs ??= nowMs
    else if (this.#stoppedSinceMs !== undefined) {
      this.#stoppedMs += nowMs - this.#stoppedSinceMs
      this.#stoppedSinceMs = undefined
      this.resumedAtMs = nowMs
      for (const task of this.#parked.splice(0)) this.later(0, task)
    }
  }

  /** The page is gone, with everything that the browser keeps for it. */
  close(): void {
    const { locks, airwaves, database, tabs, service, keyUse } = this.world
    this.isClosed = true
    keyUse.mayHaveForgotten = true
    this.#timers.clear()
    tabs.splice(tabs.indexOf(this), 1)
    service.endRequestsOf(this)
    airwaves.closeAllOf(this)
    database.closeAllOf(this)
    locks.releaseAllOf(this)
  }

  #run(task: () => void): void {
    if (this.isClosed) return
    if (this.isStopped) this.#parked.push(task)
    else this.guard(task)
  }

  readonly #setTimeout = (task: () => void, delayMs = 0): number => {
    const { monotonicMs } = this.world.machine
    const waitMs = delayMs > 0 && delayMs <= LONGEST_TIMEOUT_MS ? Math.ceil(delayMs) : 0
    // Browsers let the timers of a hidden tab fire together, once a second.
    const dueMs = monotonicMs + waitMs + (this.isVisible ? 0 : 1000 - ((monotonicMs + waitMs) % 1000))
    const id = ++this.#timerCount
    if (this.isClosed) return id
    this.#timers.set(id, { dueMs, task })
    this.later(dueMs - monotonicMs, () => this.#fire(id))
    return id
  }

  #fire(id: number): void {
    const timer = this.#timers.get(id)
    if (!timer) return
    // The clock that timers follow may have stood still.
    const leftMs = timer.dueMs - this.world.machine.monotonicMs
    if (leftMs > 0) return this.later(leftMs, () => this.#fire(id))
    this.#timers.delete(id)
    timer.task()
  }

  /** What the library finds in this tab as globals. */
  #scope(): Record<string, unknown> {
    const { world, window, document } = this
    const { machine, service, setup } = world
    const wallMs = () => machine.wallMs
    class TabDate extends Date {
      constructor(...parts: [] | [number | string]) {
        super(parts[0] ?? wallMs())
      }
      static override now = wallMs
    }
    const locks = world.locks.of(this)
    const bare = {
      Date: TabDate,
      Math: Object.create(Math, { random: { value: this.#random } }) as Math,
      performance: { now: () => machine.monotonicMs - this.opened.monotonicMs },
      setTimeout: this.#setTimeout,
      clearTimeout: (id: number) => void this.#timers.delete(id),
      setInterval: undefined,
      navigator: Object.defineProperty(locks ? { locks } : {}, 'onLine', { get: () => machine.isOnLine }),
      document: Object.defineProperty(
        { addEventListener: document.add, removeEventListener: document.remove, baseURI: 'https://site.example/' },
        'visibilityState',
        { get: () => (this.isVisible ? 'visible' : 'hidden') },
      ),
      indexedDB: world.database.of(this),
      ...(setup.hasChannel && { BroadcastChannel: world.airwaves.of(this) }),
      fetch: (input: string | URL | globalThis.Request, init?: RequestInit) =>
        input instanceof Request ? world.api.send(this, input) : service.fetchKey(this, init?.signal ?? undefined),
      addEventListener: window.add,
      removeEventListener: window.remove,
      reportError: () => void this.reportCount++,
      queueMicrotask: (task: () => void) => queueMicrotask(() => this.guard(task)),
    }
    const globals = Object.create(REST, Object.getOwnPropertyDescriptors(bare)) as object
    return { ...bare, globalThis: globals, window: globals, self: globals }
  }
}
