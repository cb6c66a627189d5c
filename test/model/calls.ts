import type { AccessKey, AuthError } from '../../src/index.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

/** A promise that somebody in a tab waits for. */
export interface Call {
  number: number
  kind: 'getKey' | 'fetch' | 'sign' | 'invalidate' | 'clear'
  session: Session
  atMs: number
  /** The same by the time for which the tab could run. */
  atRunningMs: number
  maxWaitMs: number
  isForced: boolean
  /** A good key may not do for it. */
  wantsNew: boolean
  abortReason: object
  isAborted: boolean
  outcome?: { atMs: number; runningMs: number; value?: unknown; error?: unknown }
}

type Details = Partial<Pick<Call, 'isForced' | 'wantsNew' | 'maxWaitMs'>> & { abortAfterMs?: number | undefined }

/** How long a hung store is waited for: what a request has brought is written, and its start. */
const STORE_MS = 3000
const CODES = 'template_rejected,rate_limited,network,timeout,server,malformed_response,key_rejected,disposed'.split(
  ',',
)

/** What callers wait for, and whether they get it in time, and what they may get. */
export class Calls {
  readonly all: Call[] = []
  /** When the library last gave the service up because of two refused keys in a row. */
  rejectedAtMs = Number.NEGATIVE_INFINITY
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  find(number: number): Call | undefined {
    return this.all[number]
  }

  /** Those that ask for a key, and have none yet. */
  isAnyOpenIn(tab: Session['tab']): boolean {
    return this.all.some(call => call.session.tab === tab && !call.outcome && isAsking(call))
  }

  ask(
    session: Session,
    kind: Call['kind'],
    run: (signal: AbortSignal, number: number) => Promise<unknown>,
    { abortAfterMs, isForced = false, wantsNew = false, maxWaitMs = this.#world.setup.maxWaitMs }: Details = {},
  ): Call {
    const world = this.#world
    const { tab } = session
    const controller = new AbortController()
    const call: Call = {
      ...{ number: this.all.length, kind, session, isForced, wantsNew, maxWaitMs, isAborted: false },
      ...{ atMs: world.timeline.nowMs, atRunningMs: tab.runningMs, abortReason: { why: 'the caller has left' } },
    }
    this.all.push(call)
    const end = (result: { value?: unknown; error?: unknown }) => {
      call.outcome = { atMs: world.timeline.nowMs, runningMs: tab.runningMs, ...result }
      if (isAsking(call)) tab.demandedAtMs = tab.runningMs
      if (!tab.isClosed) this.#judge(call)
    }
    const abort = () => {
      call.isAborted = true
      controller.abort(call.abortReason)
      // Nothing but the service's answer and the disk's keeps a `fetch` from ending at once.
      if (kind === 'getKey' || kind === 'sign') tab.later(0, () => this.#expectEnd(call, 'its signal was aborted'))
    }
    if (abortAfterMs === 0) abort()
    tab.guard(() => {
      run(controller.signal, call.number).then(
        value => end({ value }),
        (error: unknown) => end({ error }),
      )
    })
    if (abortAfterMs) tab.later(abortAfterMs, () => !call.outcome && abort())
    return call
  }

  /** A call that has to be over by now. */
  #expectEnd(call: Call, why: string): void {
    if (!call.outcome) this.#world.fail(`${describe(call)} did not end at once when ${why}`)
  }

  /** After `dispose`, whoever waits for a key of that auth is told so. */
  expectEndOf(session: Session): void {
    for (const call of this.all) {
      if (call.session === session && /getKey|sign/.test(call.kind)) this.#expectEnd(call, 'its auth was disposed')
    }
  }

  /** Every call has settled, and in time. */
  expectAllSettled(): void {
    for (const call of this.all) {
      const { session, outcome } = call
      if (session.tab.isClosed) continue
      const tookMs = (outcome?.runningMs ?? session.tab.runningMs) - call.atRunningMs
      if (!outcome) this.#world.fail(`${describe(call)} has not settled after ${tookMs} ms`)
      else if (tookMs > this.#boundMs(call)) this.#world.fail(`${describe(call)} took ${tookMs} ms to settle`)
    }
  }

  /**
   * How long a call may take: what it waits for the limit or a back-off, and besides that up to three attempts, each as
   * long as the lock, the request and a hung store may be waited for. An `auth.fetch` may do so twice, and has to wait
   * for the API.
   */
  #boundMs({ kind, maxWaitMs }: Call): number {
    const { timeoutMs, latencyMs } = this.#world.setup
    const attemptMs = timeoutMs + 2000 + timeoutMs + 4000
    const keyMs = maxWaitMs + 3 * attemptMs
    if (kind === 'invalidate' || kind === 'clear') return 5000
    return kind === 'fetch' ? 2 * (keyMs + 5000 + 2 * latencyMs + 1000) : keyMs
  }

  #judge(call: Call): void {
    const { keyUse, service, api } = this.#world
    const { kind, session, outcome } = call
    const { value, error } = outcome!
    this.#world.note(() => `${describe(call)} → ${error ? this.#errorWords(error) : 'done'}`)
    if (error !== undefined) return this.#judgeError(call, error)
    if (kind === 'getKey') {
      const key = value as AccessKey
      keyUse.check(session, key.value, 'came from getKey')
      this.#world.expectSecrecy('a key', key)
      const grant = service.grants.get(key.value)
      // A key that is being written down is one that it may join.
      const isJoined = grant && (grant.timesGiven > 1 || grant.request.endedAtMs! + STORE_MS >= call.atMs)
      if (call.isForced && !isJoined) {
        this.#world.fail(`${describe(call)} got a key that was there before`)
      }
    } else if (kind === 'sign') {
      keyUse.check(session, (value as Request).headers.get('X-Filerobot-Key') ?? '', 'came from sign')
    } else if (kind === 'fetch') {
      const { keys, refusalCount } = api.sends.get(call.number)!
      if (keys.length > 2) this.#world.fail(`${describe(call)} was sent ${keys.length} times`)
      if (refusalCount === 1 && keys.length === 1) this.#world.fail(`${describe(call)} was refused and not sent again`)
      if (keys.length === 2 && keys[0] === keys[1]) this.#world.fail(`${describe(call)} was sent twice with one key`)
    }
  }

  #judgeError(call: Call, error: unknown): void {
    if (call.isAborted && error === call.abortReason) return
    const { code } = error as AuthError
    if (code === 'origin_not_allowed' && call.kind === 'fetch') return
    this.expectGoodError(error, describe(call))
    if (code === 'disposed' && !call.session.isOver) this.#world.fail(`${describe(call)} is told of no disposal`)
  }

  expectGoodError(error: unknown, who: string): void {
    const { message, stack, code, retryAtMs } = error as AuthError
    const isOurs = this.#world.tabs.some(({ lib }) => lib.isAuthError(error))
    if (!isOurs || !CODES.includes(code)) this.#world.fail(`${who} is told ${this.#errorWords(error)}`)
    this.#world.expectSecrecy(who, `${message} ${stack}`)
    this.#world.expectSecrecy(who, error)
    if (code === 'key_rejected') this.rejectedAtMs = this.#world.timeline.nowMs
    if ('cause' in (error as object)) this.#world.fail(`${who} is told a cause`)
    if (code === 'rate_limited' && !Number.isFinite(retryAtMs))
      this.#world.fail(`${who} is not told when to come again`)
  }

  #errorWords(error: unknown): string {
    const { code, retryAtMs } = error as AuthError
    return `${code ?? String(error)}${retryAtMs ? `, again at ${new Date(retryAtMs).toISOString()}` : ''}`
  }
}

const isAsking = ({ kind }: Call) => kind === 'getKey' || kind === 'fetch' || kind === 'sign'

const describe = ({ kind, number, session, isForced }: Call) =>
  `call ${number} (${kind}${isForced ? ', forced' : ''} in tab ${session.tab.number})`
