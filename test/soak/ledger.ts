import type { GivenKey } from './key-register.ts'
import type { Counts } from './page/calls.ts'
import type { TabStatus } from './page/tab.ts'
import type { SoakTab } from './tab.ts'

const MINUTE_MS = 60_000
const MOST_STARTS = 5
/** So many things before a failure are told. */
const MOST_TOLD = 80
/** How exact time is here. */
const GRAIN_MS = 50
/** A page's idea of its time, and a service that counts in seconds. */
const CLOCK_SLACK_MS = 2000

/**
 * What makes the count of starts less than the profile's; see "Where a minute may see a sixth start" of the decisions.
 * `count lost`: the record went with the database, and there was nothing to count by. `each for himself`: clocks were
 * set, so that starts look old or from the future, or a tab was in memory because the database hung: then each counts
 * what he knows of.
 */
export interface Excuse {
  atMs: number
  kind: 'count lost' | 'each for himself'
}

const add = (sums: Counts, more: Counts) => {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count
}

/** All that tabs have told, added up, and what of it must not be. */
export class Ledger {
  readonly calls: Counts = {}
  readonly uploads: Counts = {}
  readonly events: Counts = {}
  readonly stored = new Set<number>()
  readonly violations: string[] = []
  /** What happened lately, for who reads a failure. */
  readonly trace: string[] = []
  signedCount = 0
  startCount = 0
  /** The most that any 60 s have seen, where nothing excuses more. */
  mostStarts = 0
  excusedCount = 0
  #excuses: Excuse[] = []
  readonly #keys: ReadonlyMap<string, GivenKey>
  readonly #nowMs: () => number
  #starts: { atMs: number; tab: number }[] = []
  readonly #inMemory = new Set<SoakTab>()
  #databaseTroubleAtMs = Number.NEGATIVE_INFINITY
  #clockWasWrongAtMs = Number.NEGATIVE_INFINITY

  constructor(keys: ReadonlyMap<string, GivenKey>, nowMs: () => number) {
    this.#keys = keys
    this.#nowMs = nowMs
  }

  /** @returns what may be put forward while it goes on */
  excuse(kind: Excuse['kind']): Excuse {
    const now = this.#nowMs()
    this.#excuses = this.#excuses.filter(({ atMs }) => atMs > now - 4 * MINUTE_MS)
    const last = this.#excuses.find(excuse => excuse.kind === 'each for himself')
    if (kind === 'each for himself' && last) return Object.assign(last, { atMs: now })
    const excuse = { kind, atMs: now }
    this.#excuses.push(excuse)
    return excuse
  }

  /** A tab was frozen, which may have kept the database from others, or the database was deleted under all. */
  noteDatabaseTrouble(): void {
    this.#databaseTroubleAtMs = this.#nowMs()
  }

  /** A clock is wrong, or was until now. */
  noteWrongClock(): void {
    this.#clockWasWrongAtMs = this.#nowMs()
  }

  note(tab: SoakTab, status: TabStatus): void {
    const { calls, uploads, events, stored, violations, sent, isInMemory } = status
    add(this.calls, calls)
    add(this.uploads, uploads)
    add(this.events, events)
    for (const number of stored) this.stored.add(number)
    for (const [what, count] of [...Object.entries(calls), ...Object.entries(events)])
      this.tell(`tab ${tab.number}: ${what} ${count}`)
    for (const violation of violations) this.fail(`tab ${tab.number}: ${violation}`)
    this.#noteMemory(tab, isInMemory)
    for (const request of sent) {
      if (request.wrong) this.fail(`tab ${tab.number} ${request.wrong} (${request.path})`)
      if (request.kind === 'key') this.#noteStart(tab, request.atMs)
      if (request.kind === 'signed') {
        this.signedCount++
        this.#expectLiving(tab, request.key, request.atMs)
      }
    }
  }

  tell(what: string): void {
    this.trace.push(`${new Date(this.#nowMs()).toISOString().slice(5, 23)} ${what}`)
    if (this.violations.length === 0 && this.trace.length > MOST_TOLD) this.trace.shift()
  }

  fail(what: string): void {
    this.violations.push(`${new Date(this.#nowMs()).toISOString().slice(5, 19)} ${what}`)
    this.tell(`!! ${what}`)
  }

  #noteMemory(tab: SoakTab, isInMemory: boolean): void {
    if (!isInMemory) return void this.#inMemory.delete(tab)
    this.excuse('each for himself')
    if (this.#inMemory.has(tab)) return
    this.#inMemory.add(tab)
    if (this.#databaseTroubleAtMs < this.#nowMs() - 3 * MINUTE_MS) {
      this.fail(`tab ${tab.number} does without the database, and nothing is wrong with it`)
    }
  }

  #noteStart({ number }: SoakTab, atMs: number): void {
    this.startCount++
    this.tell(`tab ${number} asks for a key, at ${new Date(atMs).toISOString().slice(11, 23)}`)
    this.#starts = this.#starts.filter(start => start.atMs > atMs - 2 * MINUTE_MS)
    this.#starts.push({ atMs, tab: number })
    // What was counted before an excuse may still lie in the window after it.
    const excuses = this.#excuses.filter(excuse => excuse.atMs > atMs - MINUTE_MS - GRAIN_MS)
    const isEachForHimself = this.#excuses.some(excuse => {
      return excuse.kind === 'each for himself' && excuse.atMs > atMs - 3 * MINUTE_MS
    })
    const lostCount = excuses.filter(({ kind }) => kind === 'count lost').length
    const recent = this.#starts.filter(start => start.atMs > atMs - MINUTE_MS + GRAIN_MS)
    // Counting each tab for itself is all that can be expected then, and once more for each time that a clock was set.
    const counted = isEachForHimself ? recent.filter(({ tab }) => tab === number) : recent
    const most = MOST_STARTS * (1 + lostCount + (isEachForHimself ? 2 : 0))
    if (counted.length > most) {
      this.fail(`${counted.length} key requests were started within 60 s, and ${most} are the most`)
    }
    if (lostCount === 0 && !isEachForHimself) this.mostStarts = Math.max(this.mostStarts, recent.length)
    else if (recent.length > MOST_STARTS) this.excusedCount++
  }

  #expectLiving({ number }: SoakTab, key: string, atMs: number): void {
    const given = this.#keys.get(key)
    if (!given) return this.fail(`tab ${number} sends a key that the service never gave`)
    // The same key again may be a new one to a page that has forgotten it.
    if (given.timesGiven > 1 || this.#clockWasWrongAtMs >= given.atMs) return
    if (atMs > given.knownDeadAtMs + CLOCK_SLACK_MS) {
      this.fail(`tab ${number} sends a key that is over for ${atMs - given.knownDeadAtMs} ms`)
    }
  }
}
