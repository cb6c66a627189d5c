/** How a page stands after a step. */
export interface TimeStatus {
  /** Requests, bodies and transactions that are under way: while there are some, time stands still everywhere. */
  openCount: number
  /** Counts up with everything that goes out of the page, or comes in. */
  activity: number
  /** In simulated time; the largest number where no timer runs. */
  nextTimerAtMs: number
  locksWanted: number
  locksHeld: number
  /** What nothing keeps back and is still not over after a very long real time. */
  stuck: string[]
}

/** What a page is told with each step. */
export interface StepOrder {
  /** Simulated time, in milliseconds since 1970. */
  nowMs: number
  /** How long the machine was asleep since the last step: timers and the monotonic clock stood still. */
  sleptMs?: number
  /** Since it was told the last time, it was frozen. */
  wasFrozen?: boolean
  /** Whether the service may leave a request without its answer. */
  requestsMayHang: boolean
  /** Whether a frozen tab may keep a transaction waiting. */
  databaseMayHang: boolean
}

type OperationKind = 'request' | 'database'

interface Operation {
  kind: OperationKind
  about: string
  sinceMs: number
  mayHang: boolean
}

/** For how long, in real time, something that may hang holds up simulated time. */
const PATIENCE_MS: Record<OperationKind, number> = { request: 200, database: 1500 }
/** No machine is so slow. */
const STUCK_MS = 60_000
/** How long a step waits for what the page has begun, so that whoever asks need not come again and again. */
const STEP_MS = 40
/** What has ended may begin something else in the turns after. */
const QUIET_TURNS = 2
const NEVER = Number.MAX_SAFE_INTEGER

/**
 * Replaces a page's clocks and timers before the library is loaded: `Date.now`, `performance.now`, `setTimeout` and
 * `setInterval` run by simulated time, which passes when the harness says so, in all tabs at once. Network, database,
 * locks and channels are the browser's own; what the page has begun with them is counted, so that the harness can let
 * time stand still until it is over. So the speed of the machine is no part of what is tested: a transaction that takes
 * 300 ms of real time takes none of simulated time. What the service keeps back on purpose does not hold time up for ever.
 */
export class ElasticTime {
  /** By how much this page's wall clock is wrong. */
  wallOffsetMs = 0
  nowMs: number
  /** For how long the page could run: what a frozen tab, or one on a sleeping machine, is not told of is not in it. */
  runningMs = 0
  /** For `browser-work.ts`, which counts what the page does. */
  activity = 0
  locksWanted = 0
  locksHeld = 0
  readonly #openedAtMs: number
  readonly #timers = new Map<number, { atMs: number; run: () => void }>()
  readonly #open = new Set<Operation>()
  readonly #realNowMs = performance.now.bind(performance)
  readonly #realSetTimeout = window.setTimeout.bind(window)
  readonly #turns = new MessageChannel()
  #lastTimer = 0
  #sleptMs = 0
  #toldActivity = 0
  #requestsMayHang = false
  #databaseMayHang = false
  #onEmpty = () => {}

  constructor(nowMs: number, wallOffsetMs: number) {
    this.nowMs = nowMs
    this.wallOffsetMs = wallOffsetMs
    this.#openedAtMs = nowMs
    this.#turns.port1.start()
    this.#replaceClocks()
  }

  /** Lets time come to where the others are, and waits a little for what that has begun. */
  async step(order: StepOrder): Promise<TimeStatus> {
    // What came in since the last step, an answer that was kept back for example, is at its end before time goes on.
    while (this.activity !== this.#toldActivity && this.#holding().length > 0) await this.#settle()
    this.set(order)
    for (;;) {
      const due = [...this.#timers].filter(([, { atMs }]) => atMs <= this.#timerNowMs)
      if (due.length === 0) break
      for (const [id, { run }] of due.sort(([, a], [, b]) => a.atMs - b.atMs)) {
        if (this.#timers.delete(id)) run()
      }
      await this.#turn()
    }
    await this.#settle()
    this.#toldActivity = this.activity
    return this.#status()
  }

  /** Only says what time it is: for a tab that is about to be thawed. */
  set({ nowMs, sleptMs = 0, wasFrozen, requestsMayHang, databaseMayHang }: StepOrder): void {
    if (!wasFrozen) this.runningMs += Math.max(0, nowMs - this.nowMs - sleptMs)
    this.nowMs = Math.max(this.nowMs, nowMs)
    this.#sleptMs += sleptMs
    this.#requestsMayHang = requestsMayHang
    this.#databaseMayHang = databaseMayHang
    for (const operation of this.#open) operation.mayHang ||= this.#mayHang(operation.kind)
  }

  /** Something that no clock sees is under way, until the promise is settled. */
  count<T>(kind: OperationKind, about: string, running: Promise<T>): Promise<T> {
    const end = this.begin(kind, about)
    running.then(end, end)
    return running
  }

  get #timerNowMs(): number {
    return this.nowMs - this.#sleptMs
  }

  #mayHang(kind: OperationKind): boolean {
    return kind === 'request' ? this.#requestsMayHang : this.#databaseMayHang
  }

  begin(kind: OperationKind, about: string): () => void {
    const operation = { kind, about, sinceMs: this.#realNowMs(), mayHang: this.#mayHang(kind) }
    this.#open.add(operation)
    this.activity++
    return () => {
      if (!this.#open.delete(operation)) return
      this.activity++
      if (this.#open.size === 0) this.#onEmpty()
    }
  }

  #holding(): Operation[] {
    const now = this.#realNowMs()
    return [...this.#open].filter(({ kind, mayHang, sinceMs }) => !mayHang || now - sinceMs < PATIENCE_MS[kind])
  }

  #status(): TimeStatus {
    const holding = this.#holding()
    const longAgoMs = this.#realNowMs() - STUCK_MS
    return {
      openCount: holding.length,
      activity: this.activity,
      nextTimerAtMs: Math.min(NEVER, ...[...this.#timers.values()].map(({ atMs }) => atMs + this.#sleptMs)),
      locksWanted: this.locksWanted,
      locksHeld: this.locksHeld,
      stuck: holding.filter(({ sinceMs }) => sinceMs < longAgoMs).map(({ kind, about }) => `${kind} ${about}`),
    }
  }

  async #settle(): Promise<void> {
    const untilMs = this.#realNowMs() + STEP_MS
    for (let quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns++) {
      const before = this.activity
      await this.#turn()
      if (this.#open.size > 0) {
        await new Promise<void>(resolve => {
          this.#onEmpty = resolve
          this.#realSetTimeout(resolve, Math.max(1, untilMs - this.#realNowMs()))
        })
      }
      if (this.#realNowMs() >= untilMs) return
      if (this.activity !== before) quietTurns = 0
    }
  }

  #turn(): Promise<void> {
    return new Promise(resolve => {
      this.#turns.port1.addEventListener('message', () => resolve(), { once: true })
      this.#turns.port2.postMessage(0)
    })
  }

  #startTimer(run: () => void, delayMs: number): number {
    this.#timers.set(++this.#lastTimer, { atMs: this.#timerNowMs + Math.max(0, delayMs), run })
    return this.#lastTimer
  }

  #replaceClocks(): void {
    Date.now = () => this.nowMs + this.wallOffsetMs
    performance.now = () => this.#timerNowMs - this.#openedAtMs
    type Task = (...args: unknown[]) => void
    const clear = (id?: number) => void this.#timers.delete(id as number)
    const every = (run: () => void, periodMs: number): number => {
      const id = this.#startTimer(() => {
        this.#timers.set(id, { ...again, atMs: this.#timerNowMs + Math.max(1, periodMs) })
        run()
      }, periodMs)
      const again = this.#timers.get(id)!
      return id
    }
    Object.assign(window, {
      setTimeout: (task: Task, delayMs = 0, ...args: unknown[]) => this.#startTimer(() => task(...args), delayMs),
      setInterval: (task: Task, periodMs = 0, ...args: unknown[]) => every(() => task(...args), periodMs),
      clearTimeout: clear,
      clearInterval: clear,
    })
  }
}
