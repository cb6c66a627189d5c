import { type AccessKey, type Auth, type AuthEvent, createAuth, type GetKeyOptions } from '../../../src/index.ts'
import type { SoakFile } from '../file-content.ts'
import { Calls, type Counts, countOne } from './calls.ts'
import type { StepOrder, TimeStatus } from './elastic-time.ts'
import { time } from './start.ts'
import { type Sent, Traffic } from './traffic.ts'
import { type Service, Uploading } from './uploading.ts'

/** How long an attempt may go on for which nobody waits any more, of the time for which the page could run. */
const GRACE_MS = 40_000
/** Three attempts, each as long as lock, request and a hung store may take; besides what the caller's patience is. */
const KEY_MS = 3 * 26_000
const ANSWER_MS = 5000

/** What a page is told before it begins. */
export interface TabOptions extends Service {
  number: number
  nowMs: number
  wallOffsetMs: number
  templateId: string
}

/** What a page tells after a step: what has happened since the last one. */
export interface TabStatus extends TimeStatus {
  sent: Sent[]
  calls: Counts
  uploads: Counts
  events: Counts
  stored: number[]
  violations: string[]
  /** One that a frozen tab keeps back comes much later than it was asked for. */
  deletionsUnderWay: number
  isInMemory: boolean
}

/** What somebody in a tab may do. */
export type TabAction =
  | { do: 'getKey'; options: Omit<GetKeyOptions, 'signal'>; abortAfterMs?: number; count: number }
  | { do: 'request'; kind: 'list' | 'picture'; path: string }
  | { do: 'upload'; file: SoakFile; by: 'fetch' | 'widget'; looksFirst: boolean }
  | { do: 'subscribe' | 'unsubscribe' | 'clear' | 'invalidate' | 'renew auth' | 'delete database' }
  | { do: 'set clock'; wallOffsetMs: number }
  | { do: 'show'; isVisible: boolean }

class Tab {
  readonly #options: TabOptions
  readonly #calls = new Calls(time)
  readonly #traffic = new Traffic(
    () => time.nowMs,
    () => this.#isKeyWanted(),
  )
  readonly #uploading: Uploading
  readonly #unsubscribes: (() => void)[] = []
  readonly #violations: string[] = []
  /** For uploads, which outlive what the rest of the page does with its auth; made with the first of them. */
  #uploadsAuth: Auth | undefined
  #auth: Auth
  #events: Counts = {}
  #isVisible = true
  #deletionsUnderWay = 0

  constructor(options: TabOptions) {
    this.#options = options
    this.#auth = this.#create()
    this.#uploading = new Uploading(options, () => (this.#uploadsAuth ??= this.#create('resend')), this.#calls)
    Object.defineProperty(document, 'visibilityState', { get: () => (this.#isVisible ? 'visible' : 'hidden') })
  }

  async step(order: StepOrder): Promise<TabStatus> {
    const status = await time.step(order)
    this.#calls.check()
    return { ...status, ...this.#take() }
  }

  set(order: StepOrder): void {
    time.set(order)
  }

  act(action: TabAction): void {
    countOne(this.#events, `action ${action.do}`)
    switch (action.do) {
      case 'getKey':
        return this.#getKeys(action)
      case 'request':
        return void this.#uploading.request(action.kind, action.path, {}, this.#auth)
      case 'upload':
        return void this.#uploading.send(action.file, action.by, action.looksFirst)
      case 'subscribe':
        return void this.#unsubscribes.push(this.#auth.subscribe(() => {}))
      case 'unsubscribe':
        this.#calls.wantedAtMs = time.runningMs
        return this.#unsubscribes.pop()?.()
      case 'clear':
        void this.#calls.track('clear', ANSWER_MS, this.#auth.clear())
        if (this.#auth.peek()) this.#violations.push('there is a key just after clear()')
        return
      case 'invalidate': {
        const key = this.#auth.peek()
        if (!key) return
        this.#traffic.dead.set(key.value, time.nowMs)
        return void this.#calls.track('invalidate', ANSWER_MS, this.#auth.invalidate(key))
      }
      case 'renew auth':
        this.#calls.wantedAtMs = time.runningMs
        this.#unsubscribes.length = 0
        this.#auth.dispose()
        this.#auth = this.#create()
        return
      case 'delete database':
        return this.#deleteDatabase()
      case 'set clock':
        time.wallOffsetMs = action.wallOffsetMs
        return
      case 'show':
        this.#isVisible = action.isVisible
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }
  }

  #deleteDatabase(): void {
    const end = () => void this.#deletionsUnderWay--
    this.#deletionsUnderWay++
    const request = indexedDB.deleteDatabase('filerobot-widget-auth')
    request.onsuccess = end
    request.onerror = end
  }

  /** Whether there is a good key within `maxWaitMs`, or why not. */
  async isRecovered(maxWaitMs: number): Promise<string> {
    const asking = this.#auth.getKey({ maxWaitMs })
    void this.#calls.track('getKey', KEY_MS + maxWaitMs, asking)
    const { expiresAtMs } = await asking
    return expiresAtMs > Date.now() ? '' : 'a key that is over'
  }

  #getKeys({ options, abortAfterMs, count }: TabAction & { do: 'getKey' }): void {
    const boundMs = KEY_MS + (options.maxWaitMs ?? 15_000)
    for (let n = 0; n < count; n++) {
      const controller = new AbortController()
      const reason = new Error('The caller has left')
      const asking = this.#auth.getKey({ ...options, signal: controller.signal })
      if (abortAfterMs !== undefined) setTimeout(() => controller.abort(reason), abortAfterMs)
      void this.#expectKey(this.#calls.track('getKey', abortAfterMs ?? boundMs, asking, reason))
    }
  }

  async #expectKey(asking: Promise<AccessKey | undefined>): Promise<void> {
    const key = await asking
    if (key && !key.value.startsWith('SASS_')) this.#violations.push('getKey resolved with no key')
  }

  /** @param only the one event that it tells: two that share a key would tell all others twice */
  #create(only?: AuthEvent['type']): Auth {
    const { apiBase, token, templateId } = this.#options
    const onEvent = (event: AuthEvent) => {
      if (!only || event.type === only) this.#note(event)
    }
    return createAuth({ apiBase, token, templateId, onEvent })
  }

  #note(event: AuthEvent): void {
    countOne(this.#events, event.type === 'failure' ? `failure ${event.error.code}` : event.type)
    if (/SASS_/.test(JSON.stringify(event))) this.#violations.push(`the event ${event.type} shows a key`)
  }

  #isKeyWanted(): boolean {
    const isWaitedFor = this.#calls.openCount > 0 || this.#uploading.underWay > 0 || this.#uploading.isConnected
    return isWaitedFor || this.#unsubscribes.length > 0 || time.runningMs - this.#calls.wantedAtMs < GRACE_MS
  }

  #take() {
    const taken = {
      sent: this.#traffic.sent,
      calls: this.#calls.counts,
      uploads: this.#uploading.counts,
      events: this.#events,
      stored: this.#uploading.stored,
      violations: [...this.#violations.splice(0), ...this.#calls.violations],
      deletionsUnderWay: this.#deletionsUnderWay,
      isInMemory: this.#auth.state.storage === 'memory',
    }
    Object.assign(this.#traffic, { sent: [] })
    Object.assign(this.#calls, { counts: {}, violations: [] })
    Object.assign(this.#uploading, { counts: {}, stored: [] })
    this.#events = {}
    return taken
  }
}

declare global {
  interface Window {
    soakOptions: TabOptions
    soak: Tab
  }
}

window.soak = new Tab(window.soakOptions)
