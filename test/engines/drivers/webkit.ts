import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Program, startProgram } from './program.ts'
import { until } from './wait.ts'
import { type Session, startSession } from './webdriver.ts'

const shell = fileURLToPath(new URL('webkit-shell.py', import.meta.url))

/** WebKitGTK by its own driver, in a shell of ours, on a screen that nobody sees: it has no headless mode. */
export async function startWebKit(
  programs: { driver: string; xvfb: string; python: string },
  profile: string,
): Promise<Session> {
  const screen = startProgram(programs.xvfb, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'])
  try {
    const env = { DISPLAY: await displayOf(screen), GDK_BACKEND: 'x11' }
    const options = { binary: programs.python, args: [shell, '--automation', `--profile=${profile}`] }
    const session = await startSession({
      engine: 'WebKitGTK',
      command: programs.driver,
      args: port => [`--port=${port}`],
      capabilities: { 'webkitgtk:browserOptions': options },
      env,
    })
    return {
      send: session.send,
      async end() {
        await session.end()
        screen.stop()
      },
      powers: {
        async clearDatabases() {
          process.kill(Number(readFileSync(join(profile, 'pid'), 'utf8')), 'SIGUSR1')
        },
      },
    }
  } catch (error) {
    screen.stop()
    throw error
  }
}

/** Xvfb takes a number that is free, and writes it down when it is ready. */
async function displayOf(screen: Program): Promise<string> {
  let number = ''
  screen.child.stdio[3]?.on('data', (data: Buffer) => {
    number += String(data)
  })
  await until('the screen for WebKitGTK', () => {
    if (!screen.isRunning()) throw new Error(`Xvfb ended: ${screen.output()}`)
    return number.endsWith('\n')
  })
  return `:${number.trim()}`
}
