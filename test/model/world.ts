import { Airwaves } from './airwaves.ts'
import { Api } from './api.ts'
import { Calls } from './calls.ts'
import { Database } from './database.ts'
import { Disk } from './disk.ts'
import { Endings } from './endings.ts'
import { KeyUse } from './key-use.ts'
import type { LoadLibrary } from './library.ts'
import { Locks } from './locks.ts'
import { Machine } from './machine.ts'
import { type Random, seededRandom } from './random.ts'
import { type Setup, seconds } from './schedule.ts'
import { Service } from './service.ts'
import { Session, showsKey } from './session.ts'
import { Starts } from './starts.ts'
import { States } from './states.ts'
import { Tab } from './tab.ts'
import { Timeline } from './timeline.ts'

/** A rule that does not hold. */
export class Violation extends Error {
  override name = 'Violation'
}

/** One task in so many is followed by a look at all states: looking always would hide what only a look brings about. */
const LOOK_EVERY = 5
/** No schedule needs half of it: whoever does runs in a circle. */
const MOST_TASKS = 200_000

/** A service, a machine, a browser profile on it, its tabs; and the rules that they are watched for. */
export class World {
  readonly setup: Setup
  readonly load: LoadLibrary
  readonly timeline: Timeline
  readonly random: Random
  readonly machine: Machine
  readonly disk: Disk
  readonly database: Database
  readonly locks: Locks
  readonly airwaves: Airwaves
  readonly service: Service
  readonly api: Api
  readonly tabs: Tab[] = []
  readonly calls: Calls
  readonly starts: Starts
  readonly keyUse: KeyUse
  readonly states: States
  readonly endings: Endings
  /** Damages to what was stored. */
  readonly damages: { atMs: number }[] = []
  /** Two cache scopes share one limit, and a request does not tell whose it is. */
  hasTwoIdentities = false
  /** A tab was frozen or the machine asleep. */
  wasEverStopped = false
  /** What happened, for who reads a failure; absent where nobody will. */
  readonly trace: string[] | undefined
  readonly #startedAtMs: number
  readonly #rejections: { take(): unknown[] }
  #violation: Violation | undefined
  #taskCount = 0
  #tabCount = 0

  constructor(setup: Setup, load: LoadLibrary, rejections: { take(): unknown[] }, trace?: string[]) {
    this.setup = setup
    this.load = load
    this.#rejections = rejections
    this.trace = trace
    this.random = seededRandom(setup.seed)
    this.timeline = new Timeline(() => this.#afterTask())
    this.#startedAtMs = this.timeline.nowMs
    this.machine = new Machine(this.timeline, setup.clockAheadMs, setup.standsInSleep)
    this.disk = new Disk(this.random, () => this.timeline.nowMs)
    this.database = new Database(this.disk)
    this.locks = new Locks(setup.locks, this.random)
    this.airwaves = new Airwaves(this.random, data => this.expectSecrecy('a message to other tabs', data))
    this.service = new Service(this)
    this.api = new Api(this)
    this.calls = new Calls(this)
    this.starts = new Starts(this)
    this.keyUse = new KeyUse(this)
    this.states = new States(this)
    this.endings = new Endings(this)
  }

  /** Whether tabs have a store in common: keys of a `requestKey` without a scope stay in their page. */
  get isShared(): boolean {
    return this.setup.storage !== 'memory' && this.setup.source !== 'requestKey'
  }

  /** Whether a tab does without the store that it was given, and says so. */
  get isAnyInMemory(): boolean {
    const sessions = this.tabs.flatMap(tab => tab.sessions.filter(({ isOver }) => !isOver))
    return this.isShared && sessions.some(({ auth }) => auth.state.storage === 'memory')
  }

  open(isVisible: boolean): Tab {
    const tab = new Tab(this, this.#tabCount++, isVisible)
    this.tabs.push(tab)
    tab.guard(() => new Session(tab, false))
    return tab
  }

  /** The first rule that does not hold ends the schedule, when the present task is done. */
  fail(what: string): void {
    this.note(() => `!! ${what}`)
    this.#violation ??= new Violation(`${seconds(this.timeline.nowMs - this.#startedAtMs).trim()}: ${what}`)
  }

  note(about: () => string): void {
    this.trace?.push(`${seconds(this.timeline.nowMs - this.#startedAtMs)}  ${about()}`)
  }

  /** No key is to be seen in it, and no word of those that the world hides in its own errors. */
  expectSecrecy(what: string, value: unknown): void {
    if (showsKey(value)) this.fail(`${what} shows a key`)
  }

  #afterTask(): void {
    for (const reason of this.#rejections.take()) this.fail(`nobody handles the rejection ${String(reason)}`)
    if (++this.#taskCount % LOOK_EVERY === 0) {
      for (const tab of this.tabs) {
        if (!tab.isStopped) for (const session of tab.sessions) this.states.check(session)
      }
    }
    if (this.#taskCount > MOST_TASKS) this.fail(`${MOST_TASKS} tasks, and no rest`)
    if (this.#violation) throw this.#violation
  }
}
