/** Time that several tabs share and that passes only when the page that has opened them lets it. */
export interface SharedTime {
  nowMs(): number
  /** The moment that the API was told last, and the telling of it. */
  toldAtMs: number
  told: Promise<unknown>
  startTimer(owner: object, run: () => void, delayMs: number): number
  cancelTimer(id: number): void
  /** Time stands still until it is over. */
  count<T>(owner: object, running: Promise<T>): Promise<T>
  /** A tab is left: its timers and all that it waits for go with it. */
  forget(owner: object): void
  /** Lets time pass, timer by timer; before each, everything that the one before has begun comes to its end. */
  pass(durationMs: number): Promise<void>
  settled(): Promise<void>
}

/** After the last thing has ended it may begin something else in so many turns. */
const QUIET_TURNS = 5

export function createSharedTime(): SharedTime {
  let now = Date.now()
  let lastTimer = 0
  const timers = new Map<number, { owner: object; atMs: number; run: () => void }>()
  const open = new Map<Promise<unknown>, object>()
  const turns = new MessageChannel()
  turns.port1.start()

  const turn = () =>
    new Promise<void>(resolve => {
      turns.port1.addEventListener('message', () => resolve(), { once: true })
      turns.port2.postMessage(0)
    })
  const settled = async () => {
    await turn()
    for (let quietTurns = open.size > 0 ? 0 : QUIET_TURNS; quietTurns < QUIET_TURNS; quietTurns++) {
      await turn()
      if (open.size > 0) quietTurns = 0
    }
  }
  const next = (endsAtMs: number) => {
    let earliest: [id: number, atMs: number, run: () => void] | undefined
    for (const [id, { atMs, run }] of timers) {
      if (atMs <= endsAtMs && atMs < (earliest?.[1] ?? Infinity)) earliest = [id, atMs, run]
    }
    return earliest
  }
  return {
    nowMs: () => now,
    toldAtMs: 0,
    told: Promise.resolve(),
    startTimer(owner, run, delayMs) {
      timers.set(++lastTimer, { owner, atMs: now + Math.max(0, delayMs || 0), run })
      return lastTimer
    },
    cancelTimer: id => void timers.delete(id),
    count(owner, running) {
      open.set(running, owner)
      const end = () => void open.delete(running)
      running.then(end, end)
      return running
    },
    forget(owner) {
      for (const [id, timer] of timers) if (timer.owner === owner) timers.delete(id)
      for (const [running, other] of open) if (other === owner) open.delete(running)
    },
    async pass(durationMs) {
      const endsAtMs = now + durationMs
      await settled()
      for (let due = next(endsAtMs); due; due = next(endsAtMs)) {
        const [id, atMs, run] = due
        timers.delete(id)
        now = Math.max(now, atMs)
        run()
        await settled()
      }
      now = endsAtMs
    },
    settled,
  }
}
