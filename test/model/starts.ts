import type { KeyRequest } from './service.ts'
import type { Tab } from './tab.ts'
import type { World } from './world.ts'

const MINUTE_MS = 60_000
/** How long the faults of a disk matter: memory takes over for a minute, and what was counted in it counts a minute. */
const AFTERMATH_MS = 180_000
/** How long an attempt may go on for which nobody waits any more. */
const GRACE_MS = 30_000
/** How long a disk in order takes to write down what others have to heed. */
const WRITING_MS = 50
/** Of five starts in a minute, timers may have three. */
const LEFT_TO_CALLERS = 2

/**
 * Whether a key request may be started: within the limit, with a reason, and one at a time.
 *
 * The limit is strict by **true** time, for the whole profile, as long as no clock was set and the disk works. Else:
 * - where the disk fails or was damaged, what a page has started itself is all that it can know: the limit is each
 *   page's, and for each damage within the minute once more, since the count was in what was damaged;
 * - a wall clock that was set makes starts look old or from the future, and these are dropped (rule 8): each time that it
 *   was set within the minute allows a page as many once more.
 */
export class Starts {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  onStart(request: KeyRequest): void {
    this.#expectLimit(request)
    this.#expectOnLine(request)
    this.#expectDemand(request)
    this.#expectNeed(request)
    this.#expectAlone(request)
    this.#expectHeeded(request)
  }

  /**
   * Those of the last minute, without this one: of one tab, or all. What is counted is when a start was written down; it
   * is sent when that is done, and the next one may be done sooner.
   */
  #recent({ started }: KeyRequest, tab?: Tab): KeyRequest[] {
    const { service, disk } = this.#world
    const windowMs = MINUTE_MS - (disk.wasReliableSince(started.trueMs - AFTERMATH_MS) ? WRITING_MS : 1100)
    return service.requests.filter(one => (!tab || one.tab === tab) && one.started.trueMs > started.trueMs - windowMs)
  }

  #expectLimit(request: KeyRequest): void {
    const { machine, damages, setup, timeline } = this.#world
    const sinceMs = timeline.nowMs - MINUTE_MS
    const isStrict = this.#isShared() && !machine.wasSet(timeline.nowMs - AFTERMATH_MS)
    const excuses = [...machine.settings, ...damages].filter(({ atMs }) => atMs >= sinceMs).length
    // One lifecycle may be in memory while the page's next one has its store.
    const lifecycles = new Set(request.tab.sessions.map(({ lifecycle }) => lifecycle))
    const most = setup.maxPerMinute * (isStrict ? 1 : lifecycles.size * (1 + excuses))
    const count = this.#recent(request, isStrict ? undefined : request.tab).length + 1
    if (count > most) {
      const who = isStrict ? 'all tabs together have' : `tab ${request.tab.number} has`
      this.#world.fail(`${who} started ${count} key requests within 60 s`)
    }
  }

  /** An attempt that had begun when the machine went offline may go on to where it looks. */
  #expectOnLine({ tab }: KeyRequest): void {
    const { machine, timeline } = this.#world
    const isLate = timeline.nowMs - Math.max(machine.wentOffLineAtMs, tab.resumedAtMs) > 2000
    if (!machine.isOnLine && isLate) this.#world.fail(`tab ${tab.number} asks for a key while it is offline`)
  }

  /** Somebody waits, or subscribes to what he can see. */
  #expectDemand(request: KeyRequest): void {
    const { tab } = request
    const isWanted =
      tab.runningMs - tab.demandedAtMs <= GRACE_MS + this.#world.setup.maxWaitMs || this.#isDemanding(tab)
    if (!isWanted) this.#world.fail(`tab ${tab.number} asks for a key that nobody wants`)
    const sinceMs = tab.runningMs - Math.max(tab.demandedAtMs, tab.lookedAtMs)
    if (request.started.trueMs - this.#world.keyUse.lostAtMs <= GRACE_MS) return
    if (this.#world.calls.isAnyOpenIn(tab) || sinceMs <= GRACE_MS || this.#world.setup.maxPerMinute !== 5) return
    request.isTimers = true
    if (!this.#isShared() || this.#world.machine.wasSet()) return
    const count = this.#recent(request).filter(({ isTimers }) => isTimers).length + 1
    if (count > 5 - LEFT_TO_CALLERS) this.#world.fail(`timers have started ${count} key requests within 60 s`)
  }

  #isDemanding(tab: Tab): boolean {
    return (
      this.#world.calls.isAnyOpenIn(tab) ||
      tab.sessions.some(({ unsubscribes, auth }) => unsubscribes.length > 0 && (tab.isVisible || !auth.peek()))
    )
  }

  /** No key is asked for while a good one is stored that is not due for renewal. */
  #expectNeed({ tab, started }: KeyRequest): void {
    const { service, disk, machine, calls, setup, keyUse } = this.#world
    // After a `KEY_EXPIRED` that came too early the claims count, by a clock that may be wrong.
    if (this.#world.hasTwoIdentities || keyUse.wasRefused || !this.#isShared(0) || machine.wasSet()) return
    if (
      calls.all.some(({ session, wantsNew, atRunningMs }) => {
        return session.tab === tab && wantsNew && tab.runningMs - atRunningMs < 2 * MINUTE_MS
      })
    )
      return
    for (const record of disk.records.values()) {
      const grant = service.grants.get((record as { key?: string } | null)?.key ?? '')
      if (!grant || grant.timesGiven > 1 || tab.sessions.some(({ lifecycle }) => lifecycle.dead.has(grant.value)))
        continue
      const { request, knownSeconds } = grant
      const lifetimeMs = (knownSeconds ?? setup.defaultLifetimeSeconds) * 1000
      const dueMs = request.started.trueMs + lifetimeMs - 2 * Math.min(MINUTE_MS, lifetimeMs / 4)
      // By its claims it may end earlier: by a second, as they are in seconds, and by how far clocks may be apart.
      const slackMs = 1000 + Math.min(5000, lifetimeMs / 10)
      if (request.endedAtMs! < started.trueMs - 2000 && started.trueMs < dueMs - slackMs) {
        this.#world.fail(`tab ${tab.number} asks for a key though a good one is stored, and not due for renewal`)
      }
    }
  }

  /** One request at a time, as long as no tab stands still while the others wait for it. */
  #expectAlone({ tab, started }: KeyRequest): void {
    const { service, machine, hasTwoIdentities, wasEverStopped, calls, setup } = this.#world
    if (hasTwoIdentities || wasEverStopped || machine.wasSet() || !this.#isShared(0)) return
    // What was asked for before a `clear` is worth nothing, and is not waited for.
    const sinceMs = started.trueMs - setup.timeoutMs - 5000
    if (calls.all.some(({ kind, atMs }) => kind === 'clear' && atMs > sinceMs)) return
    // Nor is it known to who did not get the lock in time, because others before him waited for the service so long.
    if (
      service.requests.some(one => one.endedAtMs! > sinceMs && one.endedAtMs! - one.started.trueMs >= setup.timeoutMs)
    )
      return
    if (service.openCount > 0) this.#world.fail(`tab ${tab.number} asks for a key while another request is under way`)
  }

  /** What the service asked for is done: it is left alone. */
  #expectHeeded({ tab, started }: KeyRequest): void {
    const { service, machine, setup, damages, isShared } = this.#world
    if (machine.wasSet() || setup.clockAheadMs !== 0 || /requestKey/i.test(setup.source)) return
    for (const { answer, endedAtMs, tab: other } of service.requests) {
      if (!answer || !answer.kind.startsWith('limit') || answer.kind === 'limit429Date' || other.isClosed) continue
      // What a page has heard itself it knows as long as nothing takes it away.
      const isIntact = !damages.some(({ atMs }) => atMs >= endedAtMs!)
      const isHeard = !isShared && other === tab && new Set(tab.sessions.map(one => one.lifecycle)).size === 1
      const isStored = this.#isShared(endedAtMs! - AFTERMATH_MS)
      const earlyMs = endedAtMs! + answer.blockMs - started.trueMs
      const isWritten = started.trueMs > endedAtMs! + WRITING_MS
      if (isIntact && isWritten && (isHeard || isStored) && earlyMs > 0) {
        this.#world.fail(`tab ${tab.number} asks for a key ${earlyMs} ms too early`)
      }
    }
  }

  /** Whether all tabs have one store, and had lately. */
  #isShared(sinceMs = this.#world.timeline.nowMs - AFTERMATH_MS): boolean {
    return this.#world.isShared && this.#world.disk.wasReliableSince(sinceMs) && !this.#world.isAnyInMemory
  }
}
