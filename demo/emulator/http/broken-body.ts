import type { EmulatorContext } from './context.ts'

const BEGINNING = new TextEncoder().encode('{"status":"success","hint":"New key crea')
const BLANKS = new TextEncoder().encode(' '.repeat(16_384))

/**
 * A 200 of JSON that begins as it should.
 *
 * @param next called each time that the reader is ready for more
 */
function begun(next: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>): Response {
  let hasBegun = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (hasBegun) return next(controller)
      hasBegun = true
      controller.enqueue(BEGINNING)
      return undefined
    },
  })
  // Said here, or the server's adapter would wait for a second part, to tell a length, before it sends the first.
  return new Response(body, { headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' } })
}

/**
 * Ends the connection with what was sent so far. Ended and not destroyed, which could take back what was written; and
 * the stream is left open, as a closed one would complete the body. In process, where there is no connection, reading
 * the body fails instead.
 */
function endConnection(c: EmulatorContext, controller: ReadableStreamDefaultController): void {
  const socket = (c.env as EmulatorContext['env'] | undefined)?.incoming?.socket
  // In the next turn the beginning has been handed to the socket.
  if (socket) setImmediate(() => socket.end())
  else controller.error(new TypeError('The connection was dropped'))
}

const never = () => new Promise<void>(() => {})

/** The connection ends in the middle of the body. */
export const cutOff = (c: EmulatorContext) =>
  begun(controller => {
    endConnection(c, controller)
    return never()
  })

/** Half of the body, and then nothing until the client gives up, or the emulator is reset or closed. */
export const stalled = (c: EmulatorContext) =>
  begun(controller => {
    const { signal } = c.var.world.ended
    const end = () => endConnection(c, controller)
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
    return never()
  })

/** A body that goes on, as fast as it is read, until the client gives up. */
export const endless = () => begun(controller => controller.enqueue(BLANKS))
