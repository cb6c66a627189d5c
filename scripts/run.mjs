// Runs programs to their end, and not longer than there is time.
import { spawn } from 'node:child_process'
import { endTree } from './process-tree.mjs'

/** See `run.d.mts`. */
export function run(command, args, { cwd, env = {}, isKept = false, signal, onMessage }) {
  return new Promise(resolve => {
    const output = isKept ? 'pipe' : 'inherit'
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', output, output, ...(onMessage ? ['ipc'] : [])],
      env: { ...process.env, ...env },
    })
    let written = ''
    const keep = data => {
      written += data
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    if (onMessage) child.on('message', onMessage)

    const end = () => endTree(child.pid)
    signal.addEventListener('abort', end)
    const settle = (isOk, output) => {
      signal.removeEventListener('abort', end)
      resolve({ isOk, output })
    }
    // It may have come before.
    if (signal.aborted) end()
    child.on('error', error => settle(false, String(error)))
    child.on('close', code => settle(code === 0, written))
  })
}
