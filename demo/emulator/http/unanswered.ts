import type { EmulatorContext } from './context.ts'

/** Ends the connection without an answer; in process, where there is none, the call fails instead. */
export function drop(c: EmulatorContext): Response {
  c.set('isDropped', true)
  const socket = (c.env as EmulatorContext['env'] | undefined)?.incoming?.socket
  if (!socket) throw new TypeError('The connection was dropped')
  socket.destroy()
  // Tells the server adapter to write nothing.
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } })
}

/** Answers nothing until the client gives up, or the emulator is reset or closed. */
export async function hang(c: EmulatorContext): Promise<Response> {
  const over = AbortSignal.any([c.req.raw.signal, c.var.world.ended.signal])
  await new Promise(resolve => {
    if (over.aborted) resolve(undefined)
    over.addEventListener('abort', resolve, { once: true })
  })
  return drop(c)
}
