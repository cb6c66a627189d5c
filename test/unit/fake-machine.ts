import { vi } from 'vitest'
import { fakeService, json, refusal, timedKey } from './fakes.ts'

/** What every browser takes for "at once". */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1
/** No test needs a tenth of it: whoever does runs in a circle. */
const MOST_TIMERS = 100_000

/** Lets everything happen that needs no time; a transaction of IndexedDB takes several turns. */
async function settle(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>(resolve => setImmediate(resolve))
}

/**
 * A machine whose clocks, timers and sleep are driven. The two clocks are driven apart, which fake timers cannot do:
 * a wall clock is set, and a monotonic one may stand still while a laptop sleeps.
 *
 * @param turns of the event loop that everything has to settle after each timer
 */
export function fakeMachine({ startMs = Date.UTC(2030, 0, 1), turns = 30 } = {}) {
  const timers = new Map<number, { atMs: number; task: () => void }>()
  let timerCount = 0
  let ranCount = 0
  let awakeMs = 0
  let sleptMs = 0
  /** What the monotonic clock counts of the sleep. */
  let countedSleepMs = 0

  const machine = {
    /** By how much the wall clock is wrong. */
    wrongMs: 0,
    /** How often the monotonic clock was read. */
    monotonicReads: 0,
    /** Every delay that a timer was started with. */
    delaysMs: [] as number[],
    /** True time, which is the service's clock too. */
    get trueMs() {
      return startMs + awakeMs + sleptMs
    },
    get wallMs() {
      return machine.trueMs + machine.wrongMs
    },
    settle: () => settle(turns),
    /** Runs the next timer, if it is due by `untilMs` of the time awake. */
    async runNext(untilMs: number): Promise<boolean> {
      const [id, next] = [...timers].sort(([, one], [, other]) => one.atMs - other.atMs)[0] ?? []
      if (!id || !next || next.atMs > untilMs) return false
      if (ranCount++ > MOST_TIMERS) throw new Error('Timers run in a circle')
      timers.delete(id)
      awakeMs = Math.max(awakeMs, next.atMs)
      next.task()
      await machine.settle()
      return true
    },
    /** Lets time pass. */
    async pass(ms: number): Promise<void> {
      const untilMs = awakeMs + ms
      await machine.settle()
      while (await machine.runNext(untilMs));
      awakeMs = untilMs
      await machine.settle()
    },
    /** Lets time pass until a promise is settled, and no longer than `atMostMs`. */
    async until<T>(promise: Promise<T>, atMostMs = 120_000): Promise<T> {
      const untilMs = awakeMs + atMostMs
      let isOver = false
      const end = () => {
        isOver = true
      }
      promise.then(end, end)
      await machine.settle()
      while (!isOver && (await machine.runNext(untilMs)));
      if (!isOver) throw new Error(`It was not settled within ${atMostMs} ms`)
      return promise
    },
    /** A tab is frozen or killed: what it waits for does not come. */
    dropTimers: () => timers.clear(),
    /** Sleeps as a laptop does: the wall clock goes on, no timer runs, and the monotonic clock may stand still. */
    sleep(ms: number, { isMonotonicStopped = true } = {}): void {
      sleptMs += ms
      if (!isMonotonicStopped) countedSleepMs += ms
    },
  }

  vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(machine.wallMs))
  vi.spyOn(performance, 'now').mockImplementation(() => {
    machine.monotonicReads++
    return 5000 + awakeMs + countedSleepMs
  })
  vi.stubGlobal('setTimeout', (task: () => void, delayMs = 0) => {
    machine.delaysMs.push(delayMs)
    timers.set(++timerCount, { atMs: awakeMs + (delayMs > LONGEST_TIMEOUT_MS ? 0 : delayMs), task })
    return timerCount
  })
  vi.stubGlobal('clearTimeout', (id: number) => timers.delete(id))
  return machine
}

/** The most that lie within any 60 s. */
export function mostInAMinute(startsMs: readonly number[]): number {
  const counts = startsMs.map(fromMs => startsMs.filter(atMs => atMs >= fromMs && atMs < fromMs + 60_000).length)
  return Math.max(0, ...counts)
}

/** A service whose keys live for so long by its own clock, which is right, and which takes no dead ones. */
export function fakeTimedService(machine: ReturnType<typeof fakeMachine>, lifetimeSeconds = 1200) {
  const service = fakeService()
  const timed = Object.assign(service, {
    lifetimeSeconds,
    /** How old its keys are when it gives them, as if they came out of a cache. */
    oldMs: 0,
    /** The true times of the key requests. */
    startsMs: [] as number[],
    /** When each key dies. */
    deathsMs: new Map<string, number>(),
    /** How often a key was refused. */
    refusedCount: 0,
    isDead: (key: string): boolean => machine.trueMs >= (timed.deathsMs.get(key) ?? Number.NEGATIVE_INFINITY),
  })
  timed.answerKey = () => {
    const madeAtMs = machine.trueMs - timed.oldMs
    const key = timedKey(madeAtMs, timed.lifetimeSeconds)
    timed.startsMs.push(machine.trueMs)
    timed.deathsMs.set(key, madeAtMs + timed.lifetimeSeconds * 1000)
    return timed.give(key)
  }
  timed.answerApi = ({ headers }) => {
    if (!timed.isDead(headers.get('X-Filerobot-Key') ?? '')) return json({ status: 'success' })
    timed.refusedCount++
    return refusal('KEY_EXPIRED')
  }
  return timed
}

/** Chance that comes out the same each time. */
export function fakeChance(seed = 1): void {
  let state = seed
  vi.spyOn(Math, 'random').mockImplementation(() => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  })
}
