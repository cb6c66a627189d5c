// @vitest-environment node
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { connectMarionette } from '../../engines/drivers/marionette.ts'
import { startSession } from '../../engines/drivers/webdriver.ts'

/** A driver that opens a session and then answers nothing any more. */
const hangingDriver = `
  require('node:http').createServer((request, response) => {
    if (request.url === '/status') response.end('{"value":{"ready":true}}')
    else if (request.url === '/session') response.end('{"value":{"sessionId":"one"}}')
  }).listen(Number(process.argv[1]), '127.0.0.1')`

/** A Firefox that greets, opens a session, and then answers nothing any more; on a free port. */
async function hangingFirefox(): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    const say = (message: string) => socket.write(`${message.length}:${message}`)
    say('{}')
    socket.on('data', data => {
      if (String(data).includes('WebDriver:NewSession')) say('[1,1,null,{}]')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}

describe('a command that a browser does not answer', () => {
  let end = async () => {}
  afterEach(() => end())

  it('is an error that names engine and command, by WebDriver', async () => {
    const session = await startSession({
      engine: 'WebKitGTK',
      command: process.execPath,
      args: port => ['-e', hangingDriver, `${port}`],
      capabilities: {},
      deadlineMs: 3000,
    })
    end = session.end
    await expect(session.send('POST', '/url', {})).rejects.toThrow(
      'WebKitGTK did not answer within 3000 ms: POST /session/one/url',
    )
  })

  it('is an error that names engine and command, by Marionette', async () => {
    const firefox = await connectMarionette(await hangingFirefox(), 3000)
    end = async () => firefox.close()
    await expect(firefox.send('POST', '/url', {})).rejects.toThrow(
      'Firefox did not answer within 3000 ms: WebDriver:Navigate',
    )
  })
})
