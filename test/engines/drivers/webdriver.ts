import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Tab } from './browser.ts'
import { startProgram } from './program.ts'
import { inTime, until } from './wait.ts'

/** Sends a command of the WebDriver protocol to a session: `'POST'` and `'/url'`. */
export type Send = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>

/** What only some engines can be driven to do. */
export interface Powers {
  /** Takes all databases of an origin away, under the pages that have them open. */
  clearDatabases?(tab: Tab, origin: string): Promise<void>
  /** How many bytes an origin may store, that has stored nothing yet; without a number, as many as usual. */
  limitStorage?(tab: Tab, origin: string, quotaBytes?: number): Promise<void>
  /** Stops everything in a tab, as a browser does with one that was in the background for long. */
  freeze?(tab: Tab): Promise<void>
}

/** A browser that runs and can be told what to do. */
export interface Session {
  send: Send
  powers: Powers
  /** Ends the browser, in peace if it can. */
  end(): Promise<void>
}

/** How long a browser may take to end in peace. */
export const GRACE_MS = 5000

/** A program that drives an engine. */
export interface Driver {
  /** The engine's name, for errors. */
  engine: string
  command: string
  args: (port: number) => string[]
  capabilities: object
  env?: NodeJS.ProcessEnv
  /** How long one command may take. @default COMMAND_DEADLINE_MS */
  deadlineMs?: number | undefined
}

/** Starts a program that speaks the protocol over HTTP, and by it a browser. */
export async function startSession(driver: Driver): Promise<Omit<Session, 'powers'>> {
  const { engine, command, capabilities, deadlineMs } = driver
  const port = await freePort()
  const program = startProgram(command, driver.args(port), driver.env)
  const answerTo = async (method: string, path: string, body?: object) => {
    const options = { method, body: body ? JSON.stringify(body) : null }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, options)
    const { value } = (await response.json()) as { value: { error?: string; message?: string } | null }
    if (value?.error) throw new Error(`${value.error}: ${value.message} (${method} ${path})`)
    return value as unknown
  }
  const ask = (method: string, path: string, body?: object) =>
    inTime(answerTo(method, path, body), { engine, command: `${method} ${path}`, deadlineMs })
  try {
    await until(`an answer of ${command}`, () => {
      if (!program.isRunning()) throw new Error(`${command} ended: ${program.output()}`)
      return ask('GET', '/status').catch(() => undefined)
    })
    const created = await ask('POST', '/session', { capabilities: { alwaysMatch: capabilities } })
    const session = `/session/${(created as { sessionId: string }).sessionId}`
    return {
      send: (method, path, body) => ask(method, session + path, body),
      async end() {
        await Promise.race([ask('DELETE', session).catch(() => {}), delay(GRACE_MS, undefined, { ref: false })])
        program.stop()
      },
    }
  } catch (error) {
    program.stop()
    throw error
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
