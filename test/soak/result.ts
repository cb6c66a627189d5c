import type { Emulator } from '../../demo/emulator/index.ts'
import type { FileBook } from './file-book.ts'
import type { KeyRegister } from './key-register.ts'
import type { Ledger } from './ledger.ts'
import type { Counts } from './page/calls.ts'

const HOUR_MS = 3_600_000

/** What a soak has found. */
export interface Result {
  /** Rules that did not hold; a run ends with the first. */
  violations: string[]
  /** What happened before the first of them. */
  trace: string[]
  /** What was counted, in the order in which it is to be read. */
  rows: [what: string, count: string][]
  faultTimes: Readonly<Record<string, number>>
  browserVersion: string
}

interface Counted {
  seed: number
  simulatedMs: number
  realMs: number
  stepCount: number
  register: KeyRegister
  ledger: Ledger
  faultTimes: Readonly<Record<string, number>>
  happened: Counts
  book: FileBook
  emulator: Emulator
  browserVersion: string
}

const listed = (counts: Counts) =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'none'

/** Of counts such as `getKey done`, those of one ending or of all errors. */
const sumOf = (counts: Counts, ending: RegExp) =>
  Object.entries(counts).reduce((sum, [name, count]) => sum + (ending.test(name) ? count : 0), 0)

function errorsByCode(calls: Counts): Counts {
  const errors: Counts = {}
  for (const [name, count] of Object.entries(calls)) {
    const [, code] = /^\S+ (.+)$/.exec(name)!
    if (!/^(asked|done|aborted)$/.test(code!)) errors[code!] = (errors[code!] ?? 0) + count
  }
  return errors
}

export function resultOf(counted: Counted): Result {
  const {
    seed,
    simulatedMs,
    realMs,
    stepCount,
    register,
    ledger,
    faultTimes,
    happened,
    book,
    emulator,
    browserVersion,
  } = counted
  const { goodCount, wrong } = book.compare(emulator)
  if (ledger.violations.length === 0) wrong.forEach(words => ledger.fail(words))
  const { calls, uploads, events } = ledger
  const count = (name: string) => `${happened[name] ?? 0}`
  const unhandled = ledger.violations.filter(words => words.includes('uncaught: ')).length
  const rows: [string, string][] = [
    ['seed', `${seed}`],
    ['simulated time', `${(simulatedMs / HOUR_MS).toFixed(1)} hours`],
    ['real time', `${(realMs / 60_000).toFixed(1)} minutes, in ${stepCount} steps`],
    ['tabs opened', count('tabs opened')],
    ['tabs closed, reloaded, frozen', ['closed', 'reloaded', 'frozen'].map(word => count(`tabs ${word}`)).join(', ')],
    ['tabs killed, with the browser', `${count('tabs killed')}, in ${count('kill the browser')} times`],
    ['calls', `${sumOf(calls, / asked$/)}`],
    ['calls that were answered', `${sumOf(calls, / done$/)}`],
    ['calls that their caller gave up', `${sumOf(calls, / aborted$/)}`],
    ['calls that failed, by code', listed(errorsByCode(calls))],
    ['key requests', `${ledger.startCount} sent, ${register.keyRequestCount} at the service`],
    ['keys', `${register.keys.size}`],
    ['key requests refused (429)', `${register.keyRefusalCount}`],
    ['the most key requests in 60 s', `${ledger.mostStarts}`],
    ['minutes with more, where the count was lost or clocks were set', `${ledger.excusedCount}`],
    ['keys taken from storage', `${events['cache_hit'] ?? 0}`],
    ['signed requests', `${ledger.signedCount}`],
    ['signed requests at the service, by status', listed(register.statuses)],
    ['sent once more because of the key', `${events['resend'] ?? 0}`],
    ['files given to be uploaded', `${book.files.length}`],
    ['sent by auth.fetch, by the uploader', `${uploads['sent by fetch'] ?? 0}, ${uploads['sent by widget'] ?? 0}`],
    [
      'told an error, found to be stored all the same',
      `${uploads['told an error'] ?? 0}, ${uploads['found to be stored'] ?? 0}`,
    ],
    ['files stored once, checksum equal', `${goodCount}`],
    ['unhandled rejections and uncaught errors', `${unhandled}`],
    ['rules that did not hold', `${ledger.violations.length}`],
  ]
  return { violations: ledger.violations, trace: ledger.trace, rows, faultTimes, browserVersion }
}
