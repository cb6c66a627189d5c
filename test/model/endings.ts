import type { Session } from './session.ts'
import type { Tab } from './tab.ts'
import type { World } from './world.ts'

/** A store that was asked before the end is waited for, a second at most, and what comes of that is written in another. */
const RELEASE_MS = 2200

/** What is left behind: nothing after `dispose`, nothing in a page that the browser wants to keep; and what is written. */
export class Endings {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  onDispose(session: Session): void {
    const { tab } = session
    const { calls, endings } = this.#world
    tab.later(0, () => {
      calls.expectEndOf(session)
      if (isUnused(tab)) endings.#expectNothingIn(tab)
    })
    tab.later(RELEASE_MS, () => {
      if (!isUnused(tab)) return
      if (tab.timerCount > 0) this.#fail(tab, `has ${tab.timerCount} timers after dispose`)
      if (this.#world.locks.heldBy(tab).length > 0) this.#fail(tab, 'holds a lock after dispose')
    })
  }

  #expectNothingIn(tab: Tab): void {
    const { airwaves, locks, service } = this.#world
    if (airwaves.openIn(tab) > 0) this.#fail(tab, 'has an open channel after dispose')
    if (locks.isWaiting(tab)) this.#fail(tab, 'waits for a lock after dispose')
    if (service.isOpenIn(tab)) this.#fail(tab, 'waits for a key after dispose')
    const types = [...tab.window.types, ...tab.document.types]
    if (types.length > 0) this.#fail(tab, `listens to ${types.join()} after dispose`)
  }

  /** Called before the page is kept: a channel or a lock that is waited for would prevent it (rule 19). */
  expectCacheable(tab: Tab): void {
    const { airwaves, locks } = this.#world
    if (airwaves.openIn(tab) > 0) this.#fail(tab, 'has an open channel after pagehide')
    if (locks.isWaiting(tab)) this.#fail(tab, 'waits for a lock after pagehide')
  }

  /** What was begun before `dispose` is done: a `clear` most of all. */
  onWriter(tab: Tab): void {
    const { calls, timeline } = this.#world
    const isFinishing = calls.all.some(
      ({ session, kind, atMs }) =>
        session.tab === tab && /invalidate|clear/.test(kind) && atMs > timeline.nowMs - RELEASE_MS,
    )
    if (isUnused(tab) && !isFinishing) this.#fail(tab, 'writes after dispose')
  }

  /** Two a request, its start and its outcome, and one for each key that was given up or cleared. */
  onWrite(tab: Tab): void {
    const { disk, service, calls, locks, wasEverStopped, hasTwoIdentities, setup } = this.#world
    const count = disk.writes.filter(write => write.tab === tab).length
    const startCount = service.requests.filter(request => request.tab === tab).length
    const called = calls.all.filter(({ session, kind }) => session.tab === tab && /invalidate|clear/.test(kind)).length
    const refused = new Set(tab.sessions.flatMap(({ lifecycle }) => [...lifecycle.dead.keys()])).size
    // Without a lock in common somebody else's start may come between the look and the ticket: it is written as it was.
    // Nor does who has waited too long for one.
    const isSlow = service.requests.some(one => one.endedAtMs! - one.started.trueMs >= setup.timeoutMs)
    const isAlone = locks.kind === 'work' && !wasEverStopped && !hasTwoIdentities && !isSlow
    const lostCount = isAlone ? 0 : service.requests.length
    // The start is written before the request is seen.
    const most = 2 * startCount + 1 + called + refused + lostCount
    if (count > most) this.#fail(tab, `has written ${count} times for ${startCount} requests`)
  }

  #fail(tab: Tab, what: string): void {
    this.#world.fail(`tab ${tab.number} ${what}`)
  }
}

const isUnused = ({ sessions }: Tab) => sessions.every(({ isOver }) => isOver)
