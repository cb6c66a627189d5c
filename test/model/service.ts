import { blockOf, failure, type KeyAnswer, makeKey, success } from './key-answer.ts'
import type { Moment } from './machine.ts'
import type { Tab } from './tab.ts'
import type { World } from './world.ts'

/** A key that the service has made. */
export interface Grant
  extends Pick<ReturnType<typeof makeKey>, 'value' | 'knownSeconds' | 'startClaimMs' | 'diesAtMs'> {
  /** The request that it was made for. */
  request: KeyRequest
  /** How often it was given: the service may give the same one again. */
  timesGiven: number
  isRevoked: boolean
}

/** A key request, from its start to what the tab saw as its end. */
export interface KeyRequest {
  tab: Tab
  started: Moment
  endedAtMs?: number
  /** Nobody has called, nor done anything that makes a page look at once: a timer asks. */
  isTimers?: boolean
  /** What came to the tab, if something did. */
  answer?: Answer
}

/** What the service has made of a key request. */
export interface Answer {
  kind: KeyAnswer
  retryAfter?: string | undefined
  /** For how long the service wants to be left alone. */
  blockMs: number
  grant?: Grant
  toldSeconds?: unknown
}

const MINUTE_MS = 60_000
/** The documented limit, whatever number the library was told. */
const LIMIT = 5

/** The service that gives keys, its faults included. Its clock is the true one. */
export class Service {
  readonly requests: KeyRequest[] = []
  readonly grants = new Map<string, Grant>()
  lifetimeSeconds: number
  /** The longest way to it, and back. */
  latencyMs: number
  /** It does not enforce its limit any more. */
  isLenient = false
  readonly #world: World
  readonly #open = new Set<KeyRequest>()
  #handledAtMs: number[] = []
  #keyCount = 0
  #blocked = { state: '', untilMs: 0 }
  #next: { answer: KeyAnswer; times: number } = { answer: 'key', times: 0 }

  constructor(world: World) {
    this.#world = world
    this.lifetimeSeconds = world.setup.lifetimeSeconds
    this.latencyMs = world.setup.latencyMs
  }

  answerNext(answer: KeyAnswer, times: number): void {
    this.#next = { answer, times }
  }

  revokeAll(): void {
    for (const grant of this.grants.values()) grant.isRevoked = true
  }

  isOpenIn(tab: Tab): boolean {
    return [...this.#open].some(request => request.tab === tab)
  }

  /** Until when it has asked to be left alone, with the most that a tab adds by chance to each further refusal in a row. */
  get blockedUntilMs(): number {
    // Asked after each task: what it is made of changes when a request begins or ends.
    const state = `${this.requests.length} ${this.#open.size}`
    if (state === this.#blocked.state) return this.#blocked.untilMs
    const refusals = new Map<Tab, number>()
    const ends = this.requests.map(({ answer, endedAtMs = 0, tab }) => {
      const inARow = refusals.get(tab) ?? 0
      const blockMs = answer?.blockMs ?? 0
      if (answer) refusals.set(tab, answer.grant ? 0 : inARow + (blockMs ? 1 : 0))
      return endedAtMs + (blockMs && Math.min(Math.max(blockMs, 900_000), blockMs + inARow * 120_000))
    })
    this.#blocked = { state, untilMs: Math.max(0, ...ends) }
    return this.#blocked.untilMs
  }

  /** How many requests the tabs that there are wait for. */
  get openCount(): number {
    return this.#open.size
  }

  endRequestsOf(tab: Tab): void {
    for (const request of this.#open) {
      if (request.tab !== tab) continue
      request.endedAtMs = this.#world.timeline.nowMs
      this.#open.delete(request)
    }
  }

  /** `fetch` of a key, in a tab. */
  fetchKey(tab: Tab, signal: AbortSignal | undefined): Promise<Response> {
    return this.#ask(tab, signal, ({ kind, grant, toldSeconds, retryAfter }) =>
      grant ? success(grant.value, toldSeconds) : failure(kind, retryAfter, this.#world.random),
    )
  }

  /** The option `requestKey`, in a tab: what the host's own server says of it. */
  grantKey(tab: Tab, signal: AbortSignal): Promise<string | { key: string; expiresInSeconds?: number }> {
    return this.#ask(tab, signal, ({ kind, grant, toldSeconds }) => {
      if (!grant) throw new Error(`The host's server says ${kind}, and SASS_secret_in_an_error`)
      return typeof toldSeconds === 'number' ? { key: grant.value, expiresInSeconds: toldSeconds } : grant.value
    })
  }

  #ask<T>(tab: Tab, signal: AbortSignal | undefined, read: (answer: Answer) => T): Promise<T> {
    const { timeline, machine, random, starts } = this.#world
    // What runs on in a page that is gone is not heard of.
    if (tab.isClosed) return new Promise(() => {})
    const request: KeyRequest = { tab, started: machine.now }
    // Not by what it throws: to the library that would be a network error.
    tab.guard(() => starts.onStart(request))
    this.requests.push(request)
    this.#world.note(() => `tab ${tab.number} asks for a key`)
    return new Promise<T>((resolve, reject) => {
      const end = (settle: () => void) => {
        if (!this.#open.delete(request)) return
        request.endedAtMs = timeline.nowMs
        settle()
      }
      this.#open.add(request)
      signal?.addEventListener('abort', () => end(() => reject(signal.reason)))
      const wayMs = () => 5 + random() * this.latencyMs
      const lose = () => end(() => reject(new TypeError('Failed to fetch SASS_secret_of_an_engine')))
      if (!machine.isOnLine) return tab.later(5, lose)
      timeline.in(wayMs(), () => {
        const answer = this.#handle(request)
        this.#world.note(() => `the service answers tab ${tab.number}: ${words(answer)}`)
        if (answer.kind === 'hang') return
        const slowMs = { slowKey: 1000 + random() * 8000, lateKey: 11_000 + random() * 50_000 }[answer.kind as string]
        tab.later(wayMs() + (slowMs ?? 0), () => {
          if (answer.kind === 'drop') return lose()
          end(() => {
            request.answer = answer
            try {
              resolve(read(answer))
            } catch (error) {
              reject(error)
            }
          })
        })
      })
    })
  }

  /** What becomes of a request that has arrived. */
  #handle(request: KeyRequest): Answer {
    const { timeline, setup, random } = this.#world
    const { nowMs } = timeline
    this.#handledAtMs = this.#handledAtMs.filter(atMs => atMs > nowMs - MINUTE_MS)
    const isOver = !this.isLenient && setup.limit !== 'none' && this.#handledAtMs.length >= LIMIT
    this.#handledAtMs.push(nowMs)
    const isPlanned = this.#next.times > 0
    if (isPlanned) this.#next.times--
    const kind = isPlanned ? this.#next.answer : isOver ? setup.limit : 'key'
    if (!/key$/i.test(kind)) {
      const { header, blockMs } = blockOf(kind, nowMs, random)
      return { kind, retryAfter: header, blockMs }
    }
    return { kind, blockMs: 0, ...this.#give(request, kind === 'sameKey') }
  }

  #give(request: KeyRequest, isSame: boolean): { grant: Grant; toldSeconds: unknown } {
    const { timeline, setup } = this.#world
    const { nowMs } = timeline
    const last = isSame ? [...this.grants.values()].at(-1) : undefined
    if (last && !last.isRevoked && last.diesAtMs > nowMs) {
      last.timesGiven++
      return { grant: last, toldSeconds: undefined }
    }
    const { toldSeconds, ...key } = makeKey(setup.keyForm, ++this.#keyCount, nowMs, this.lifetimeSeconds)
    const grant = { ...key, request, timesGiven: 1, isRevoked: false }
    this.grants.set(key.value, grant)
    return { grant, toldSeconds }
  }
}

const words = ({ kind, grant, blockMs }: Answer) => `${kind} ${grant?.value.slice(-24) ?? ''} ${blockMs || ''}`
