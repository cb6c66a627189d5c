import { type Random, seededRandom } from '../model/random.ts'
import type { Browser, FetchKey, OpenPage, Way } from './browser.ts'
import { type Habits, Service } from './service.ts'
import { Timeline } from './timeline.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
/** How often it is counted who has a key. */
const SAMPLE_MS = 10 * SECOND_MS

export interface Setup {
  browserCount: number
  /** For how long it is looked at. */
  spanMs: number
  seed: number
  habits: Habits
  /** Pages are loaded again after this on average; else they stay open. */
  reloadAfterMs?: number
}

/** What came of it. */
export interface Outcome {
  /** How many browsers had a good key: after 10 s, 20 s, … */
  holders: number[]
  /** After what time each browser had its first key, in order; who never had one is not in it. */
  firstKeyMs: number[]
  /** What part of the second half of the time each browser had a good key, in order. */
  shares: number[]
  /** How many calls the browsers made; to their own endpoint, where they have one. */
  askedCount: number
  /** How many calls came to the service, and how many of them it refused. */
  callCount: number
  refusedCount: number
}

/** Makes a way for one run. */
export type OpenWay = (service: Service, timeline: Timeline, seed: number) => Way

/** Opens so many browsers behind one address within a minute, and sees who has a key. */
export async function runOffice(openWay: OpenWay, setup: Setup): Promise<Outcome> {
  const { browserCount, spanMs, seed, habits, reloadAfterMs } = setup
  const timeline = new Timeline(spanMs)
  const random = seededRandom(seed)
  let askedCount = 0
  const service = new Service(timeline, random, habits)
  const { openPage, fetchKey = service.fetchKey } = openWay(service, timeline, seed)
  const ask: FetchKey = () => {
    askedCount++
    return fetchKey()
  }
  const visitors = Array.from(
    { length: browserCount },
    (_, number) => new Visitor(service, ask, timeline, seed + number + 1),
  )

  const open = (visitor: Visitor) => {
    visitor.open(openPage)
    if (reloadAfterMs) timeline.in(reloadAfterMs * (0.5 + random()), () => open(visitor))
  }
  for (const visitor of visitors) timeline.in(random() * MINUTE_MS, () => open(visitor))

  const holders: number[] = []
  const sample = () => {
    const holding = visitors.filter(visitor => visitor.hasGoodKey)
    holders.push(holding.length)
    if (timeline.nowMs - timeline.startMs > spanMs / 2) for (const visitor of holding) visitor.sampleCount++
    timeline.in(SAMPLE_MS, sample)
  }
  timeline.in(SAMPLE_MS, sample)
  await timeline.run()

  const halfCount = holders.length - Math.floor(holders.length / 2)
  return {
    holders,
    firstKeyMs: visitors.flatMap(({ firstKeyMs }) => firstKeyMs ?? []).sort((a, b) => a - b),
    shares: visitors.map(({ sampleCount }) => sampleCount / halfCount).sort((a, b) => a - b),
    askedCount,
    callCount: service.callCount,
    refusedCount: service.refusedCount,
  }
}

/** Somebody at the office, in front of a browser. */
class Visitor implements Browser {
  readonly timeline: Timeline
  readonly random: Random
  readonly storage = new Map<string, unknown>()
  firstKeyMs: number | undefined
  /** In how many samples there was a good key. */
  sampleCount = 0
  readonly #service: Service
  readonly #fetchKey: FetchKey
  #key: string | undefined
  #close: (() => void) | undefined
  #pageCount = 0

  constructor(service: Service, fetchKey: FetchKey, timeline: Timeline, seed: number) {
    this.#service = service
    this.#fetchKey = fetchKey
    this.timeline = timeline
    this.random = seededRandom(seed)
  }

  get hasGoodKey(): boolean {
    return !!this.#key && this.timeline.nowMs < this.#service.diesAtMs(this.#key)
  }

  /** Opens the page, or loads it again. */
  open(openPage: OpenPage): void {
    this.#close?.()
    this.#pageCount++
    this.#close = openPage(this)
  }

  readonly fetchKey: FetchKey = () => {
    const page = this.#pageCount
    // A page that is gone gets no answer.
    return new Promise(resolve => {
      void this.#fetchKey().then(answer => page === this.#pageCount && resolve(answer))
    })
  }

  readonly holds = (key: string | undefined): void => {
    this.#key = key
    if (key) this.firstKeyMs ??= this.timeline.nowMs - this.timeline.startMs
  }
}
