/** Time in a page that passes only when a test lets it. */
export interface SimulatedTime {
  nowMs(): number
  /** Lets time pass, timer by timer; before each step, everything that the one before has begun comes to its end. */
  pass(durationMs: number): Promise<void>
  /** Calls `task` each time so much has passed, from now on. */
  every(periodMs: number, task: () => void): void
  /** Time goes on and no timer runs, as in a page that is asleep. */
  sleep(durationMs: number): void
}

/**
 * Runs in a page before the library is loaded. `Date.now`, `performance.now` and timers are replaced; network, database
 * and locks are the browser's own and take real time, during which simulated time stands still. The API is told by
 * `/clock` what time it is before each request.
 *
 * @param patienceMs what takes longer, in real time, hangs: simulated time goes on without it
 */
export function simulateTime(patienceMs: number): void {
  const QUIET_TURNS = 5
  let now = Date.now()
  const startedAtMs = now
  const timers = new Map<number, { atMs: number; run: () => void }>()
  let lastTimer = 0
  /** What the page has begun and is under way. */
  const open = new Set<Promise<unknown>>()
  const realFetch = window.fetch
  const realNow = performance.now.bind(performance)
  const turns = new MessageChannel()
  turns.port1.start()

  const turn = () =>
    new Promise<void>(resolve => {
      turns.port1.addEventListener('message', () => resolve(), { once: true })
      turns.port2.postMessage(0)
    })
  const settled = async () => {
    const isHangingAtMs = realNow() + patienceMs
    await turn()
    // What has ended may begin something else in the turns after.
    for (let quietTurns = open.size > 0 ? 0 : QUIET_TURNS; quietTurns < QUIET_TURNS; quietTurns++) {
      await turn()
      if (open.size > 0) quietTurns = 0
      if (realNow() > isHangingAtMs) open.clear()
    }
  }
  const counted = <T>(running: Promise<T>): Promise<T> => {
    open.add(running)
    const end = () => void open.delete(running)
    running.then(end, end)
    return running
  }
  const countedUntil = (target: EventTarget, ...endings: string[]) =>
    void counted(new Promise(resolve => endings.forEach(ending => target.addEventListener(ending, resolve))))
  const startTimer = (run: () => void, delayMs: number) => {
    timers.set(++lastTimer, { atMs: now + Math.max(0, delayMs), run })
    return lastTimer
  }

  Date.now = () => now
  performance.now = () => now - startedAtMs
  window.setTimeout = ((task: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) =>
    startTimer(() => task(...args), delayMs)) as typeof setTimeout
  window.clearTimeout = id => void timers.delete(id as number)
  window.fetch = (input, init) =>
    counted(
      (async () => {
        await realFetch('/clock', { method: 'POST', body: `${now}` })
        const response = await realFetch(input, init)
        const { status, headers } = response
        // The body too takes real time.
        return new Response(await response.arrayBuffer(), { status, headers })
      })(),
    )
  const openDatabase = IDBFactory.prototype.open
  IDBFactory.prototype.open = function (...args) {
    const request = openDatabase.apply(this, args)
    countedUntil(request, 'success', 'error')
    return request
  }
  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function (...args) {
    const started = transaction.apply(this, args)
    countedUntil(started, 'complete', 'abort')
    return started
  }
  const { request } = LockManager.prototype
  LockManager.prototype.request = function (this: LockManager, ...args: unknown[]) {
    return counted((request as (...args: unknown[]) => Promise<unknown>).apply(this, args))
  }

  const time: SimulatedTime = {
    nowMs: () => now,
    async pass(durationMs) {
      const endsAtMs = now + durationMs
      for (;;) {
        await settled()
        const [next] = [...timers].filter(([, { atMs }]) => atMs <= endsAtMs).sort(([, a], [, b]) => a.atMs - b.atMs)
        if (!next) break
        const [id, { atMs, run }] = next
        timers.delete(id)
        now = Math.max(now, atMs)
        run()
      }
      now = endsAtMs
      await settled()
    },
    every(periodMs, task) {
      const again = () => {
        startTimer(again, periodMs)
        task()
      }
      startTimer(again, periodMs)
    },
    sleep(durationMs) {
      now += durationMs
    },
  }
  window.time = time
}
