import { isAuthError } from '../errors.js'
import { readOptions } from '../options.js'
import { askForKey, askForPermissions, type Place } from './asking.js'
import { printFailure, printFailureAsJson, printReport, printReportAsJson } from './check-output.js'
import { EXIT, UsageError } from './exit-status.js'
import { failureOf } from './failure-words.js'
import { reportOf } from './key-report.js'
import { readNumber } from './number-option.js'
import { recordService } from './recording/record.js'
import type { Terminal } from './terminal.js'

/** The options of `check`, as they come from the command line. */
export interface CheckOptions {
  token: string
  template: string
  apiBase: string
  timeout: string
  askPermissions?: boolean
  printKey?: boolean
  json?: boolean
  strict?: boolean
  /** A folder. */
  record?: string
  recordLimit?: boolean
  recordExpired?: boolean
}

/** The library's option names, as they are called here. */
const FLAGS: Record<string, string> = {
  token: '--token',
  templateId: '--template',
  apiBase: '--api-base',
}

/**
 * Asks for a key and says what it allows.
 *
 * @returns the exit status
 * @throws {UsageError}
 */
export async function check(options: CheckOptions, terminal: Terminal): Promise<number> {
  const place = readPlace(options)
  const timeoutMs = readNumber('--timeout', options.timeout, 0.1, 600, 'a number of seconds, 0.1 to 600,') * 1000
  if ((options.recordLimit || options.recordExpired) && options.record === undefined) {
    throw new UsageError('--record-limit and --record-expired go with --record <folder>')
  }
  const asked = await askForKey(place, timeoutMs)
  const { key } = asked
  if (!key) {
    const failure = failureOf(place, asked, Date.now())
    if (options.json) printFailureAsJson(terminal, place, failure, asked.error)
    else printFailure(terminal, failure)
    if (options.record !== undefined) terminal.tell('Nothing was recorded: that needs a key.')
    return EXIT.failed
  }

  const keyInfo = options.askPermissions ? await askForPermissions(place, key.value, timeoutMs) : undefined
  const report = reportOf(place, asked, key, keyInfo)
  if (options.json) printReportAsJson(terminal, report, options.printKey === true)
  else printReport(terminal, report, Date.now(), options.printKey === true)
  if (options.record !== undefined) {
    const { record: folder, recordLimit = false, recordExpired = false } = options
    await recordService({ place, key, timeoutMs, folder, recordLimit, recordExpired }, terminal)
  }
  return options.strict && report.tooBroad.length > 0 ? EXIT.tooBroad : EXIT.good
}

/** By the library's own rules. */
function readPlace({ token, template: templateId, apiBase }: CheckOptions): Place {
  try {
    return { token, templateId, apiBase: readOptions({ token, templateId, apiBase }, undefined).apiBase }
  } catch (error) {
    if (!isAuthError(error)) throw error
    // The library's message begins with its own name of the option, and never holds the value.
    throw new UsageError(error.message.replace(/^\w+/, name => FLAGS[name] ?? name))
  }
}
