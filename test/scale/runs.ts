import { buildCandidate, CANDIDATE_NAMES, type CandidateName } from './blocks.ts'
import type { LimitKind } from './limit.ts'
import { type OpenWay, type Outcome, runOffice } from './office.ts'
import { buildWays, WAYS, type WayName } from './ways.ts'

export const SEED = 20_261_128
export const SPAN_HOURS = 8
export const SIZES = [10, 100, 1000, 10_000]
/** Sizes around what one address can supply. */
const SUPPLY_SIZES = [20, 40, 60, 80, 90, 100, 150, 200]
const CANDIDATE_SIZES = [10, 30, 60]
/** After what time a page is loaded again, on average, where people do so. */
export const RELOAD_MINUTES = 10

/** One run, in the numbers that a table needs. */
export interface Row {
  name: string
  limit: LimitKind
  tells: boolean
  browserCount: number
  /** When half, 95 % and all of the browsers had had a key. */
  minutes: (number | undefined)[]
  firstKeyCount: number
  /** How many had a good key, on average over the second half. */
  holderCount: number
  /** What part of the second half the worst served tenth had a good key at most. */
  worstShare: number
  askedCount: number
  callCount: number
  refusedCount: number
}

/** Everything that the page shows. */
export interface Results {
  date: string
  base: (Row & { holders: number[] })[]
  habits: Row[]
  supply: Row[]
  reloads: Row[]
  candidates: Row[]
}

interface Run {
  limit?: LimitKind
  tells?: boolean
  reloadAfterMs?: number
  hours?: number
  seed?: number
}

/** Makes all runs. `note` is told of each. */
export async function runAll(date: string, note: (line: string) => void): Promise<Results> {
  const ways = await buildWays()
  const run = async (name: string, way: OpenWay, browserCount: number, details: Run = {}) => {
    const { limit = 'sliding', tells = false, hours = SPAN_HOURS, seed = SEED, reloadAfterMs } = details
    const outcome = await runOffice(way, {
      browserCount,
      spanMs: hours * 3_600_000,
      seed,
      habits: { limit, tellsRetryAfter: tells },
      ...(reloadAfterMs && { reloadAfterMs }),
    })
    const row = { ...toRow(outcome, browserCount), name, limit, tells }
    note(
      `${name}, ${browserCount} browsers, ${limit}${tells ? ', Retry-After' : ''}: ${Math.round(row.holderCount)} hold`,
    )
    return { row, holders: outcome.holders }
  }

  const base = []
  for (const size of SIZES) {
    for (const name of WAYS) {
      const { row, holders } = await run(name, ways[name], size)
      base.push({ ...row, holders })
    }
  }

  const habits: Row[] = []
  const compared: WayName[] = ['this library', 'a pasted fetch']
  for (const [limit, tells] of [
    ['sliding', true],
    ['fixed', false],
    ['fixed', true],
    ['all calls', false],
    ['all calls', true],
  ] as const) {
    for (const name of compared) {
      for (const size of [10, 100, 1000]) habits.push((await run(name, ways[name], size, { limit, tells })).row)
    }
  }

  const supply: Row[] = []
  for (const limit of ['sliding', 'fixed', 'all calls'] as const) {
    for (const size of SUPPLY_SIZES) {
      supply.push((await run('this library', ways['this library'], size, { limit })).row)
    }
  }

  const reloads: Row[] = []
  for (const name of WAYS.slice(0, 3)) {
    for (const size of [10, 100, 1000]) {
      const details = { reloadAfterMs: RELOAD_MINUTES * 60_000 }
      reloads.push((await run(name, ways[name], size, details)).row)
    }
  }

  const candidates: Row[] = []
  for (const name of CANDIDATE_NAMES) {
    const way = await buildCandidate(name)
    for (const limit of ['sliding', 'all calls'] as const) {
      for (const size of CANDIDATE_SIZES) candidates.push(await medianOf(name, way, size, limit))
    }
  }
  return { date, base, habits, supply, reloads, candidates }

  /** Of five offices that differ by chance: a small one may be lucky. */
  async function medianOf(name: CandidateName, way: OpenWay, size: number, limit: LimitKind): Promise<Row> {
    const rows: Row[] = []
    for (let seed = SEED; seed < SEED + 5; seed++) {
      rows.push((await run(name, way, size, { limit, hours: 4, seed })).row)
    }
    return rows.sort((a, b) => (a.minutes[2] ?? Infinity) - (b.minutes[2] ?? Infinity))[2]!
  }
}

function toRow(outcome: Outcome, browserCount: number): Omit<Row, 'name' | 'limit' | 'tells'> {
  const { firstKeyMs, holders, shares, askedCount, callCount, refusedCount } = outcome
  const minutesOf = (share: number) => {
    const atMs = firstKeyMs[Math.ceil(share * browserCount) - 1]
    return atMs === undefined ? undefined : atMs / 60_000
  }
  const late = holders.slice(Math.floor(holders.length / 2))
  return {
    browserCount,
    minutes: [0.5, 0.95, 1].map(minutesOf),
    firstKeyCount: firstKeyMs.length,
    holderCount: late.reduce((sum, count) => sum + count, 0) / late.length,
    worstShare: shares[Math.floor(browserCount / 10)]!,
    askedCount,
    callCount,
    refusedCount,
  }
}
