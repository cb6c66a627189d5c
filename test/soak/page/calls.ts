import { isAuthError } from '../../../src/index.ts'
import type { ElasticTime } from './elastic-time.ts'

const CODES =
  'template_rejected rate_limited network timeout server malformed_response origin_not_allowed key_rejected disposed'

export type Counts = Record<string, number>

export const countOne = (counts: Counts, name: string) => void (counts[name] = (counts[name] ?? 0) + 1)

interface Call {
  kind: string
  sinceMs: number
  boundMs: number
}

/** What callers wait for in this page: whether each of them gets it in time, or an error that is documented. */
export class Calls {
  /** By kind, and by what came of it: `done`, `aborted`, or an error's code. */
  counts: Counts = {}
  violations: string[] = []
  /** When somebody last wanted something, in running time. */
  wantedAtMs = Number.NEGATIVE_INFINITY
  readonly #time: ElasticTime
  readonly #open = new Set<Call>()

  constructor(time: ElasticTime) {
    this.#time = time
  }

  get openCount(): number {
    return this.#open.size
  }

  /**
   * Waits for a call as its caller does, and swallows what he is told.
   *
   * @param boundMs how long it may take, of the time for which the page could run
   * @param reason what a caller who leaves aborts it with
   * @returns what came of it, or `undefined`
   */
  async track<T>(kind: string, boundMs: number, running: Promise<T>, reason?: unknown): Promise<T | undefined> {
    const call = { kind, sinceMs: this.#time.runningMs, boundMs }
    this.#open.add(call)
    countOne(this.counts, `${kind} asked`)
    try {
      const value = await running
      countOne(this.counts, `${kind} done`)
      return value
    } catch (error) {
      if (reason !== undefined && error === reason) countOne(this.counts, `${kind} aborted`)
      else if (isAuthError(error) && CODES.split(' ').includes(error.code)) {
        countOne(this.counts, `${kind} ${error.code}`)
        if (/SASS_/.test(`${error.message} ${error.stack}`)) this.violations.push(`an error of ${kind} shows a key`)
        if (error.code === 'rate_limited' && !error.retryAtMs) this.violations.push('rate_limited without retryAtMs')
      } else this.violations.push(`${kind} was rejected with ${String(error)}`)
      return undefined
    } finally {
      this.#open.delete(call)
      this.wantedAtMs = this.#time.runningMs
    }
  }

  /** Those that should be over. */
  check(): void {
    for (const call of this.#open) {
      const tookMs = this.#time.runningMs - call.sinceMs
      if (tookMs <= call.boundMs) continue
      this.#open.delete(call)
      this.violations.push(`${call.kind} has not settled after ${tookMs} ms`)
    }
  }
}
