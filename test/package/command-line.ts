import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, inject } from 'vitest'

const program = join(inject('appFolder'), 'node_modules/filerobot-widget-auth/dist/cli.js')

interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs the installed command line to its end. Its output must not hold a key. */
export async function run(...args: string[]): Promise<Ended> {
  const ended = await runForKey(...args)
  expect(ended.stdout + ended.stderr).not.toMatch(/(?<!ERR_)SASS_\w{4}/)
  return ended
}

/** The same where a key may be in the output. */
export function runForKey(...args: string[]): Promise<Ended> {
  return new Promise(resolve => {
    // No terminal: whatever asks for colour must not bring it.
    const env = { ...process.env, FORCE_COLOR: '1', CLICOLOR_FORCE: '1' }
    const child = execFile(process.execPath, [program, ...args], { env, timeout: 30_000 }, (_, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr })
    })
  })
}

/** A command that goes on until it is told to end. */
export interface Running {
  /** All that was written so far, to both. */
  output(): string
  /** The first match in what it writes. @throws {Error} when it ends without one */
  written(pattern: RegExp): Promise<string>
  /** Resolves with the exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

const started: ChildProcess[] = []

export function start(...args: string[]): Running {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const closed = new Promise<number | null>(resolve => child.on('close', resolve))
  return {
    output: () => output,
    written: pattern =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found) resolve(found[1] ?? found[0])
        }
        look()
        for (const stream of [child.stdout, child.stderr]) stream.on('data', look)
        void closed.then(status => reject(new Error(`It ended with ${status}:\n${output}`)))
      }),
    end(signal = 'SIGTERM') {
      child.kill(signal)
      return closed
    },
  }
}

/** Ends what a failed test left running. */
export function endAll(): void {
  for (const child of started.splice(0)) child.kill('SIGKILL')
}
