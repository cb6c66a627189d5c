import type { AuthState } from '../../src/index.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

/** A listener hears nothing while attempts are under way, two at most: a store is waited for, a lock, a request. */
const STORE_MS = 4000
const LOCK_MS = 2000

/** Looks at the snapshots that hosts render. */
export class States {
  readonly #world: World
  /** Since when a listener was told something else than what is, by the time for which its tab could run. */
  readonly #disagreed = new Map<Session, number>()

  constructor(world: World) {
    this.#world = world
  }

  check(session: Session): void {
    const { auth, isOver, tab } = session
    const fail = (what: string) => this.#world.fail(`tab ${tab.number}: ${what}`)
    const state = auth.state
    const key = auth.peek()
    if (state !== auth.state) fail('the state is another object each time')
    if (!Object.isFrozen(state)) fail('the state is not frozen')
    if (isOver) {
      if (key) fail('there is a key after dispose')
      return
    }
    const { status, error } = state
    if ((status === 'ready') !== (key !== undefined))
      fail(`the state is ${status}, and peek() ${key ? 'has a' : 'has no'} key`)
    if (state.key !== key) fail('the key of the state is not the one of peek()')
    if ((status === 'error') !== (error !== undefined))
      fail(`the state is ${status}, and ${error ? 'has an' : 'has no'} error`)
    if (error) this.#world.calls.expectGoodError(error, 'the state')
    this.#world.expectSecrecy('the state', state)
    if (key) this.#world.keyUse.check(session, key.value, 'was shown by peek()')
    this.#expectTold(session, state)
  }

  /** Who subscribes does not have to look. */
  #expectTold(session: Session, state: AuthState): void {
    const { runningMs, number, isVisible } = session.tab
    const { machine, setup } = this.#world
    const lateMs = 2 * (STORE_MS + LOCK_MS + 2 * setup.timeoutMs)
    // No timer of a hidden page tells of the end of a key, and none knows of a sleep in which its clock stood.
    const isBlind = !isVisible || machine.wasSet() || machine.stoodMs > 0
    if (isBlind || [...session.told.values()].every(told => isSame(told, state))) this.#disagreed.delete(session)
    else if (!this.#disagreed.has(session)) this.#disagreed.set(session, runningMs)
    else if (runningMs > this.#disagreed.get(session)! + lateMs) {
      this.#world.fail(`a listener in tab ${number} was not told that the state is ${state.status} now`)
    }
  }
}

const isSame = (one: AuthState, other: AuthState) =>
  one.status === other.status && one.key === other.key && one.error === other.error && one.retryAtMs === other.retryAtMs
