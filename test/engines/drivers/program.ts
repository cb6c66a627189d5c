import { type ChildProcess, spawn } from 'node:child_process'

/** A program that runs until it is stopped, together with whatever it has started. */
export interface Program {
  readonly child: ChildProcess
  /** What it has written so far: the end of it says why it ended. */
  output(): string
  isRunning(): boolean
  stop(): void
}

const running = new Set<Program>()
// Whoever ends before he has tidied up leaves no browser behind.
process.on('exit', () => running.forEach(program => program.stop()))

/** Starts a program in a process group of its own. */
export function startProgram(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(command, args, {
    // The fourth is for a program that reports something through it, as Xvfb its display.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
  }
  child.on('error', error => {
    output += String(error)
  })
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const program: Program = {
    child,
    output: () => output,
    isRunning,
    stop() {
      running.delete(program)
      if (!child.pid) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // The whole group has ended by itself.
      }
    },
  }
  running.add(program)
  return program
}
