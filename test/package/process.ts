import { spawnSync } from 'node:child_process'

/**
 * Runs a program without input to its end and returns what it wrote to its standard output.
 *
 * @throws {Error} with all that it wrote, when it fails or does not end by itself in time
 */
export function output(command: string, args: string[], cwd: string, timeoutMs = 60_000): string {
  // Only a shell finds npm on Windows.
  const shell = process.platform === 'win32' && command === 'npm'
  const options = { cwd, shell, encoding: 'utf8', timeout: timeoutMs } as const
  const { status, signal, stdout, stderr } = spawnSync(command, args, options)
  if (status === 0) return stdout
  throw new Error(`${[command, ...args].join(' ')} ended with ${status ?? signal}:\n${stdout}\n${stderr}`)
}
