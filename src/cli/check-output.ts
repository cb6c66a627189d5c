import type { AuthError } from '../errors.js'
import type { Place } from './asking.js'
import type { Failure } from './failure-words.js'
import type { KeyReport } from './key-report.js'
import { keyRows } from './key-words.js'
import type { Terminal } from './terminal.js'

/** For a person. */
export function printReport(terminal: Terminal, report: KeyReport, nowMs: number, printsKey: boolean): void {
  const { paint } = terminal
  terminal.print(`${paint.good('✓')} ${paint.bold('The service gave a key.')}\n`)
  terminal.printTable(keyRows(report, nowMs))
  if (report.tooBroad.length > 0) {
    terminal.print(`\n${paint.warning('!')} ${paint.bold('What looks too broad for a key that every visitor gets:')}\n`)
    terminal.printTable(report.tooBroad.map(({ about, message }) => [about, message]))
  }
  if (printsKey) {
    terminal.print()
    terminal.printAsIs(report.key.value)
  }
}

/** For a person. */
export function printFailure(terminal: Terminal, failure: Failure): void {
  const { paint } = terminal
  const said = failure.said ? [['It says', failure.said] as const] : []
  terminal.print(`${paint.bad('✗')} ${paint.bold('There is no key:')} ${failure.why}.\n`)
  terminal.printTable([['Code', failure.code], ...said, ['To do', failure.whatToDo]])
}

const asJson = (value: unknown) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}` : item), 2)

const isoTime = (atMs: number) => new Date(atMs).toISOString()

/**
 * For a program; `permissions` of the claims as text, since JSON's numbers are too small for it. Of the claims that are
 * not understood only the names: together with the others they might make the key.
 */
export function printReportAsJson(terminal: Terminal, report: KeyReport, printsKey: boolean): void {
  const { place, key, lifetimeSeconds, lifetimeToldBy, permissions, clock, tooBroad } = report
  const print = printsKey ? terminal.printAsIs : terminal.print
  print(
    asJson({
      ok: true,
      ...place,
      ...(printsKey && { key: key.value }),
      expiresAt: isoTime(key.expiresAtMs),
      lifetimeSeconds,
      lifetimeToldBy,
      permissions: permissions ?? null,
      claims: key.claims ? { ...key.claims, other: Object.keys(key.claims.other) } : null,
      clock: clock ? { aheadSeconds: clock.aheadSeconds, agrees: clock.agrees } : null,
      tooBroad,
    }),
  )
}

/** For a program. */
export function printFailureAsJson(
  terminal: Terminal,
  place: Place,
  { code, why, whatToDo, said }: Failure,
  error: AuthError | undefined,
): void {
  const retryAt = error?.retryAtMs === undefined ? null : isoTime(error.retryAtMs)
  const status = error?.status ?? null
  terminal.print(asJson({ ok: false, ...place, error: { code, status, retryAt, why, whatToDo, said: said ?? null } }))
}
