import { span } from './time-words.js'

/** When a key request was made and answered by this machine's clock, and what the service's said meanwhile. */
export interface ClockReading {
  readonly startedAtMs: number
  readonly answeredAtMs: number
  /** The answer's `Date`. */
  readonly dateMs?: number | undefined
  /** The key's claim `st`. */
  readonly keyBeganAtMs?: number | undefined
}

/** How this machine's clock stands to the service's. */
export interface ClockComparison {
  /** How far this machine's is ahead; negative where it is behind. */
  readonly aheadSeconds: number
  readonly agrees: boolean
  readonly words: string
}

/** What `Date` and `st` leave out, and the time that the answer took. */
const roundingMs = 1000
/** Within this the library takes a key's own times for exact; see `lifetime.ts`. */
const AGREEMENT_MS = 5000

/** Compares the two clocks; `undefined` where the service's was not told. */
export function compareClocks(reading: ClockReading): ClockComparison | undefined {
  const { startedAtMs, answeredAtMs, dateMs, keyBeganAtMs } = reading
  const serviceMs = dateMs ?? keyBeganAtMs
  if (serviceMs === undefined) return undefined
  const middleMs = (startedAtMs + answeredAtMs) / 2
  const aheadMs = middleMs - (serviceMs + roundingMs / 2)
  const uncertaintyMs = (answeredAtMs - startedAtMs) / 2 + roundingMs / 2
  const agrees = Math.abs(aheadMs) <= AGREEMENT_MS + uncertaintyMs
  const old = dateMs !== undefined && keyBeganAtMs !== undefined && dateMs - keyBeganAtMs > AGREEMENT_MS
  const parts = [differenceWords(aheadMs, agrees, dateMs === undefined)]
  if (old) parts.push(`the service gave a key that it had made ${span((dateMs - keyBeganAtMs) / 1000)} before`)
  return { aheadSeconds: Math.round(aheadMs / 1000), agrees, words: parts.join('; ') }
}

function differenceWords(aheadMs: number, agrees: boolean, isByKeyAlone: boolean): string {
  if (agrees) return "this machine's agrees with the service's"
  const words = `this machine's is ${span(Math.abs(aheadMs) / 1000)} ${aheadMs > 0 ? 'ahead of' : 'behind'} the service's`
  // A key that was made before looks like a clock that is fast.
  return isByKeyAlone && aheadMs > 0 ? `${words}, or the service gave a key that it had made before` : words
}
