import { UsageError } from './exit-status.js'

/**
 * Reads a number from the command line.
 *
 * @throws {UsageError} that names the option and says what is wanted
 */
export function readNumber(flag: string, given: string, least: number, most: number, wanted: string): number {
  const number = given.trim() === '' ? Number.NaN : Number(given)
  if (number >= least && number <= most) return number
  throw new UsageError(`${flag}: ${wanted} is wanted`)
}
