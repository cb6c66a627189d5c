// Runs programs to their end, and not longer than there is time.
import { spawn } from 'node:child_process'
import { endTree } from './process-tree.mjs'

/** See `run.d.mts`. */
export function run(command, args, { cwd, env = {}, isKept = false, endsAtMs, onMessage }) {
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

    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      endTree(child.pid)
    }, endsAtMs - Date.now())
    const end = (isOk, output) => {
      clearTimeout(timer)
      resolve({ isOk: isOk && !isLate, isLate, output })
    }
    child.on('error', error => end(false, String(error)))
    child.on('close', code => end(code === 0, written))
  })
}
