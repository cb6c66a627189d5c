import type { Grant } from './service.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

/** By how much the library's clock of a page may be late when clocks are set: it looks at both once a second. */
const CLOCK_SLACK_MS = 2000
/** After a `KEY_EXPIRED` that came too early, the claims count, but never for less than this (rule 7). */
const TRUSTED_AFTER_MS = 31_000
/** Until then every tab that runs has heard of a `clear` in another. */
const HINT_MS = 3000

/**
 * Whether a key may be used that is sent, signed with or shown: it is the service's, it was not given up, and it is
 * not past its expiry **when the library could have known that**. It could when
 *
 * - its lifetime was told, by the response or by its claims; else `defaultLifetimeSeconds` is what the library goes by,
 *   and is held to;
 * - that time has passed since its request was started, by the clocks of the page: for its own key by the wall clock's
 *   or the monotonic clock's difference, whichever is greater; for one out of storage by the wall clock's, if that was
 *   not set back since the page that wrote it was opened: then there is nothing left to find it out by;
 * - where the clocks agree (rule 7), also its claimed end, which is up to a second earlier, as the claim is in seconds.
 *
 * What no clock shows (a sleep with a monotonic clock that stands still, and a wall clock set back), nobody could know.
 */
export class KeyUse {
  /** Clearings that are done, and of how many requests they made the keys worthless. */
  readonly #clearings: { isOther: boolean; requestCount: number; atMs: number }[] = []
  /** A key may have been forgotten, so that it is a new one when the service gives it again. */
  mayHaveForgotten = false
  wasRefused = false
  /** When a key was last refused, given up or cleared, so that all tabs may look at once. */
  lostAtMs = Number.NEGATIVE_INFINITY
  readonly #cleared = new Set<boolean>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  noteRefused({ lifecycle }: Session, key: string): void {
    lifecycle.dead.set(key, 'was refused')
    this.wasRefused = true
    this.#noteLoss()
  }

  noteInvalidated({ lifecycle }: Session, key: string): void {
    lifecycle.dead.set(key, 'was given up by invalidate')
    this.#noteLoss()
  }

  noteClearing({ lifecycle, isOther }: Session): void {
    this.#cleared.add(isOther)
    lifecycle.clearedAfter = this.#world.service.requests.length
    this.#noteLoss()
  }

  /** @param requestCount how many requests there had been when it was begun */
  noteCleared({ isOther }: Session, requestCount: number): void {
    const { disk, service, timeline, hasTwoIdentities, isAnyInMemory } = this.#world
    if (!this.#isReliable) return
    this.#clearings.push({ isOther, requestCount, atMs: timeline.nowMs })
    if (hasTwoIdentities || isAnyInMemory) return
    for (const record of disk.records.values()) {
      const grant = service.grants.get((record as { key?: string } | null)?.key ?? '')
      if (grant?.timesGiven === 1 && service.requests.indexOf(grant.request) < requestCount) {
        this.#world.fail('a key that was cleared is still stored')
      }
    }
  }

  #noteLoss(): void {
    this.mayHaveForgotten = true
    this.lostAtMs = this.#world.timeline.nowMs
  }

  wasEverCleared(isOther: boolean): boolean {
    return this.#cleared.has(isOther)
  }

  /** Whether tabs learn from storage what others have done, and did so lately. */
  get #isReliable(): boolean {
    const { isShared, disk, timeline } = this.#world
    return isShared && disk.wasReliableSince(timeline.nowMs - 180_000)
  }

  check(session: Session, value: string, how: string): void {
    const { world, tab, lifecycle } = { world: this.#world, ...session }
    const grant = world.service.grants.get(value)
    if (!grant) return world.fail(`a key ${how} that the service never gave`)
    const dead = lifecycle.dead.get(value)
    if (dead) return world.fail(`a key ${how} in tab ${tab.number} that ${dead}`)
    if (grant.timesGiven > 1 && (this.mayHaveForgotten || !this.#isReliable || !grant.request.answer)) return
    if (this.#wasCleared(session, grant)) return world.fail(`a key ${how} in tab ${tab.number} that was cleared`)
    if (this.#isKnownDead(session, grant))
      return world.fail(`a key ${how} in tab ${tab.number} that is past its expiry`)
  }

  #wasCleared({ tab, isOther, lifecycle }: Session, { request, timesGiven }: Grant): boolean {
    const { service, timeline, setup } = this.#world
    if (timesGiven > 1) return false
    const number = service.requests.indexOf(request)
    if (number < lifecycle.clearedAfter) return true
    // A page that keeps its key in memory hears nothing: its storage is not the others'.
    if (!setup.hasChannel || !this.#isReliable || this.#world.isAnyInMemory) return false
    return this.#clearings.some(
      clearing =>
        clearing.isOther === isOther &&
        number < clearing.requestCount &&
        timeline.nowMs > Math.max(clearing.atMs, tab.resumedAtMs) + HINT_MS,
    )
  }

  #isKnownDead({ tab, lifecycle }: Session, { request, knownSeconds, startClaimMs, diesAtMs }: Grant): boolean {
    const { machine, setup } = this.#world
    const { started } = request
    const lifetimeMs = (knownSeconds ?? setup.defaultLifetimeSeconds) * 1000
    const isAgreeing =
      startClaimMs !== undefined &&
      Math.abs(startClaimMs - started.wallMs) <= Math.min(5000, lifetimeMs / 10) &&
      !machine.wasSet() &&
      // What a key's refusal has shown to be wrong is trusted after 30 s only.
      !(this.mayHaveForgotten && lifetimeMs < TRUSTED_AFTER_MS)
    // The claims are compared with a clock that may be a little wrong.
    const limitMs = isAgreeing ? Math.min(lifetimeMs, diesAtMs - started.wallMs) : lifetimeMs
    const isOwn = request.tab === tab && lifecycle.beganAtMs <= started.trueMs
    if (!isOwn && machine.wasSetBack(request.tab.opened.trueMs)) return false
    const { trueMs, wallMs, monotonicMs } = machine.now
    const byClocksMs = Math.max(wallMs - started.wallMs, isOwn ? monotonicMs - started.monotonicMs : 0)
    const slackMs = machine.wasSet() ? CLOCK_SLACK_MS : 0
    const isDead = trueMs >= Math.min(diesAtMs, started.trueMs + lifetimeMs)
    return isDead && byClocksMs >= limitMs + slackMs
  }
}
