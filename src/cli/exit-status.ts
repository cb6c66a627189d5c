/** How a command ended, as a shell or CI sees it. */
export const EXIT = {
  good: 0,
  /** No key, or what was to be done could not be done. */
  failed: 1,
  wrongUsage: 2,
  /** Only with `--strict`: a key, and it looks too broad. */
  tooBroad: 3,
} as const

/** A mistake on the command line. Its message names the option, and never repeats what was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was to be done could not be done. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
