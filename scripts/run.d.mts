/**
 * Runs a program without input, to its end. Its output is shown as it comes, or kept.
 *
 * @param options.endsAtMs when it is ended, with all that it has started, if it has not ended by itself
 * @param options.onMessage takes what it sends by `process.send`
 */
export function run(
  command: string,
  args: string[],
  options: {
    cwd?: string
    env?: Record<string, string | undefined>
    isKept?: boolean
    endsAtMs: number
    onMessage?: (message: unknown) => void
  },
): Promise<{ isOk: boolean; isLate: boolean; output: string }>
