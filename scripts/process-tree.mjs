// A process and all that it has started.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Ends it and all that it has started, also what leads a group of its own, as browsers do. */
export function endTree(pid) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'])
    return
  }
  const all = existsSync('/proc/self/stat') ? processesOnLinux() : processesByPs()
  const pids = [pid]
  for (const parent of pids) pids.push(...all.filter(([, parentOf]) => parentOf === parent).map(([child]) => child))
  for (const each of pids) {
    try {
      process.kill(each, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

/** Each process with its parent. A slim image of Debian has no `ps`. */
const processesOnLinux = () =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        // The name before may hold anything.
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return [[Number(pid), Number(parent)]]
      } catch {
        return []
      }
    })

const processesByPs = () =>
  spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
