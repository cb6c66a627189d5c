import { createMiddleware } from 'hono/factory'
import { Refusal } from '../refusal.ts'
import type { EmulatorContext, EmulatorEnv } from './context.ts'
import type { Wait } from './latency.ts'

/** More than the largest upload that a template allows unless set otherwise. */
const MAX_BODY_BYTES = 600_000_000

/**
 * Reads the whole body before anything is answered: a browser that is refused while it is still sending reports a
 * broken connection instead of the refusal.
 */
export const readBody = (wait: Wait) =>
  createMiddleware<EmulatorEnv>(async (c, next) => {
    const { uploadBytesPerSecond } = c.var.world.faults
    const chunks: Uint8Array[] = []
    let sizeBytes = 0
    const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD'
    const stream = hasBody ? c.req.raw.body : null
    for await (const chunk of (stream ?? []) as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > MAX_BODY_BYTES) throw new Refusal(413, 'FILE_TOO_LARGE', 'This body is too large')
      chunks.push(chunk)
      if (uploadBytesPerSecond > 0) await wait((chunk.byteLength / uploadBytesPerSecond) * 1000)
    }
    const body = new Uint8Array(sizeBytes)
    let at = 0
    for (const chunk of chunks) {
      body.set(chunk, at)
      at += chunk.byteLength
    }
    c.set('body', body)
    await next()
  })

/** @throws {Refusal} when the body is not JSON */
export function jsonBody(c: EmulatorContext): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(c.var.body))
  } catch {
    throw new Refusal(400, 'ERR_BODY_INVALID', 'The body is not JSON')
  }
}
