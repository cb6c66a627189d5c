import type { Auth, AuthEvent, AuthOptions, AuthState } from '../../src/index.ts'
import { KEY_PATTERN, TEMPLATE } from './key-answer.ts'
import type { Tab } from './tab.ts'

/** What all auths of one identity in a tab share: it begins with the first of them, and ends with the last. */
export interface Lifecycle {
  /** Keys that were refused or given up here, and what became of them. */
  readonly dead: Map<string, string>
  /** How many key requests there had been, anywhere, when it was last cleared: their keys are dead. */
  clearedAfter: number
  users: number
  readonly beganAtMs: number
}

/** One auth in a tab, with a host that uses it, watches it, and does not always behave. */
export class Session {
  readonly tab: Tab
  /** The host's second identity: another `cacheScope`. */
  readonly isOther: boolean
  readonly lifecycle: Lifecycle
  readonly auth: Auth
  readonly unsubscribes: (() => void)[] = []
  /** What each listener was told last. */
  readonly told = new Map<object, AuthState>()
  isOver = false

  constructor(tab: Tab, isOther: boolean) {
    const { setup, service } = tab.world
    this.tab = tab
    this.isOther = isOther
    const neighbour = tab.sessions.find(other => other.isOther === isOther && !other.isOver)
    this.lifecycle = neighbour?.lifecycle ?? {
      ...{ dead: new Map(), clearedAfter: 0, users: 0 },
      beganAtMs: tab.world.timeline.nowMs,
    }
    this.lifecycle.users++
    const isGranted = /requestKey/i.test(setup.source)
    const scope = isOther ? 'berta' : setup.source === 'scopedRequestKey' ? 'anna' : undefined
    tab.requestKey ??= ({ signal }) => service.grantKey(tab, signal)
    const options = {
      token: 'fusqadtm',
      templateId: TEMPLATE,
      ...(setup.source === 'keyUrl' && { keyUrl: 'https://site.example/key' }),
      ...(isGranted && { requestKey: tab.requestKey }),
      ...(scope && { cacheScope: scope }),
      storage: setup.storage === 'custom' ? tab.keyStore : setup.storage,
      defaultLifetimeSeconds: setup.defaultLifetimeSeconds,
      timeoutMs: setup.timeoutMs,
      maxWaitMs: setup.maxWaitMs,
      maxKeyRequestsPerMinute: setup.maxPerMinute,
      onEvent: (event: AuthEvent) => this.#onEvent(event),
    } satisfies AuthOptions
    this.auth = tab.lib.createAuth(options)
    tab.sessions.push(this)
  }

  subscribe(): void {
    const { world } = this.tab
    this.tab.demandedAtMs = this.tab.runningMs
    let isSubscribed = true
    const unsubscribe = this.auth.subscribe(state => {
      if (!isSubscribed || this.isOver) world.fail('a listener was called after it had unsubscribed')
      if (state !== this.auth.state) world.fail('a listener was told a state that is not the present one')
      if (state === this.told.get(unsubscribe)) world.fail('a listener was told the same state twice')
      this.told.set(unsubscribe, state)
      this.#misbehave()
    })
    this.unsubscribes.push(() => {
      isSubscribed = false
      this.told.delete(unsubscribe)
      unsubscribe()
    })
  }

  /** Calls what `subscribe` has returned, and once more, which must do no harm. */
  unsubscribe(): void {
    this.tab.demandedAtMs = this.tab.runningMs
    const unsubscribe = this.unsubscribes.shift()
    unsubscribe?.()
    unsubscribe?.()
  }

  dispose(): void {
    this.tab.demandedAtMs = this.tab.runningMs
    this.unsubscribes.length = 0
    this.lifecycle.users--
    this.auth.dispose()
    this.isOver = true
    this.told.clear()
    this.tab.world.endings.onDispose(this)
  }

  #onEvent(event: AuthEvent): void {
    const { world } = this.tab
    if (this.tab.isClosed) return
    world.note(() => `tab ${this.tab.number} event ${JSON.stringify(event)}`)
    if (!Number.isFinite(event.atMs)) world.fail(`the event ${event.type} has no time`)
    world.expectSecrecy('an event', event)
    if ('error' in event) world.calls.expectGoodError(event.error, 'an event')
    this.#misbehave()
  }

  #misbehave(): void {
    const { world } = this.tab
    if (!world.setup.listenersThrow || world.random() < 0.5) return
    this.tab.thrownCount++
    throw new Error('The host has a bug')
  }
}

/** Whether a text or anything that can be turned into one shows a key. */
export const showsKey = (value: unknown): boolean =>
  KEY_PATTERN.test(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
