import { execFile, spawn } from 'node:child_process'

const quiet = { NO_COLOR: '1', FORCE_COLOR: undefined, NEXT_TELEMETRY_DISABLED: '1' }

/**
 * Runs a program to its end, while this process goes on.
 *
 * @returns what it wrote to its standard output
 * @throws {Error} with all that it wrote, when it fails
 */
export function run(command: string[], cwd: string, env: Record<string, string> = {}): Promise<string> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd, env: { ...process.env, ...quiet, ...env } },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${command.join(' ')} failed in ${cwd}:\n${stdout}\n${stderr}`))
        else resolve(stdout)
      },
    )
    child.stdin?.end()
  })
}

/** A program that goes on. */
export interface RunningProgram {
  /** What it wrote so far, to both outputs. */
  readonly output: string
  /** Resolves with what `pattern` matches, once that was written. Rejects with the output when the program ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** As Ctrl-C in a terminal, which tells all that it started; resolves when they are over. */
  interrupt(): Promise<void>
  /** Ends it with all that it started, however. */
  kill(): Promise<void>
}

/** Starts a program without input, in a process group of its own. */
export function start(command: string[], cwd: string, env: Record<string, string> = {}): RunningProgram {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...quiet, ...env },
  })
  let output = ''
  let isOver = false
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      tell()
    })
  }
  // 'close' waits for whoever has the outputs too: so for all that the program started.
  const over = new Promise<void>(resolve => {
    const end = (error?: unknown) => {
      if (error instanceof Error) output += error.message
      isOver = true
      tell()
      resolve()
    }
    child.on('error', end)
    child.on('close', () => end())
  })
  const signal = async (name: 'SIGINT' | 'SIGKILL') => {
    if (!isOver && child.pid !== undefined) process.kill(-child.pid, name)
    await over
  }

  return {
    get output() {
      return output
    },
    says: pattern =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found) resolve(found)
          else if (isOver) reject(new Error(`${command.join(' ')} ended:\n${output}`))
          if (found || isOver) listeners.delete(look)
        }
        listeners.add(look)
        look()
      }),
    interrupt: () => signal('SIGINT'),
    kill: () => signal('SIGKILL'),
  }
}
