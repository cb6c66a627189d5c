import { connect } from 'node:net'
import { inTime } from './wait.ts'
import type { Send } from './webdriver.ts'

/**
 * WebDriver's commands by Firefox's own names. Firefox speaks the protocol itself, as JSON over TCP; the program that
 * translates it from HTTP is one more to install, and Debian does not have it.
 */
const COMMANDS: Record<string, string> = {
  'GET /window': 'GetWindowHandle',
  'POST /window': 'SwitchToWindow',
  'DELETE /window': 'CloseWindow',
  'GET /window/handles': 'GetWindowHandles',
  'POST /window/new': 'NewWindow',
  'POST /window/minimize': 'MinimizeWindow',
  'POST /window/rect': 'SetWindowRect',
  'POST /url': 'Navigate',
  'GET /title': 'GetTitle',
  'POST /actions': 'PerformActions',
  'POST /refresh': 'Refresh',
  'POST /back': 'Back',
  'POST /execute/sync': 'ExecuteScript',
}

export interface Marionette {
  send: Send
  /** Sends a command by Firefox's own name. */
  command(name: string, parameters?: object): Promise<unknown>
  close(): void
}

interface Asked {
  resolve: (value: unknown) => void
  reject: (reason: Error) => void
}
type Answer = [type: number, id: number, error: { error: string; message: string } | null, result: unknown]

/**
 * Connects to a Firefox that listens.
 *
 * @param deadlineMs how long one command may take
 */
export async function connectMarionette(port: number, deadlineMs?: number): Promise<Marionette> {
  const socket = connect(port, '127.0.0.1')
  const asked = new Map<number, Asked>()
  let lastId = 0
  const answerTo = (id: number) => new Promise<unknown>((resolve, reject) => asked.set(id, { resolve, reject }))
  const end = () => {
    for (const { reject } of asked.values()) reject(new Error('Firefox is gone'))
    asked.clear()
  }
  socket.on('close', end).on('error', end)
  eachMessage(socket, message => {
    // The first is a greeting, and no answer.
    const [, id, error, result]: Answer = Array.isArray(message) ? (message as Answer) : [0, 0, null, message]
    if (error) asked.get(id)?.reject(new Error(`${error.error}: ${error.message}`))
    else asked.get(id)?.resolve(result)
    asked.delete(id)
  })
  await inTime(answerTo(0), { engine: 'Firefox', command: 'its greeting', deadlineMs })

  const command = (name: string, parameters: object = {}) => {
    const text = JSON.stringify([0, ++lastId, name, parameters])
    const answer = answerTo(lastId)
    if (socket.destroyed) end()
    else socket.write(`${Buffer.byteLength(text)}:${text}`)
    return inTime(answer, { engine: 'Firefox', command: name, deadlineMs })
  }
  await command('WebDriver:NewSession', {})
  return {
    command,
    async send(method, path, body) {
      const name = COMMANDS[`${method} ${path}`]
      if (!name) throw new Error(`${method} ${path} is not in the list of Firefox's commands`)
      const result = await command(`WebDriver:${name}`, body)
      return typeof result === 'object' && result && 'value' in result ? result.value : result
    },
    close: () => socket.destroy(),
  }
}

/** Each message has its length in bytes and a colon before it. */
function eachMessage(socket: NodeJS.ReadableStream, take: (message: unknown) => void): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data])
    for (;;) {
      const colon = rest.indexOf(':')
      const end = colon + 1 + Number(rest.subarray(0, Math.max(0, colon)))
      if (colon < 0 || rest.length < end) return
      const message: unknown = JSON.parse(String(rest.subarray(colon + 1, end)))
      rest = rest.subarray(end)
      take(message)
    }
  })
}
