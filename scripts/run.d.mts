/**
 * Runs a program without input, to its end. Its output is shown as it comes, or kept.
 *
 * @param options.signal ends it, with all that it has started
 * @param options.onMessage takes what it sends by `process.send`
 */
export function run(
  command: string,
  args: string[],
  options: {
    cwd?: string
    env?: Record<string, string | undefined>
    isKept?: boolean
    signal: AbortSignal
    onMessage?: (message: unknown) => void
  },
): Promise<{ isOk: boolean; output: string }>
