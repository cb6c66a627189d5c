import { setTimeout as delay } from 'node:timers/promises'
import { createMiddleware } from 'hono/factory'
import type { EmulatorEnv } from './context.ts'
import { isAdmin, kindOf } from './request-kind.ts'

/** Resolves after `durationMs`; tests pass one that does not wait. */
export type Wait = (durationMs: number) => Promise<void>

// Not kept referenced: an answer that is still being delayed must not keep a closed emulator's process alive.
export const waitInRealTime: Wait = durationMs => delay(Math.min(durationMs, 2 ** 31 - 1), undefined, { ref: false })

/**
 * Delays answers. The request takes effect at once and only its answer is late: a client that gives up has got its
 * file stored or its key counted all the same.
 */
export const latency = (wait: Wait) =>
  createMiddleware<EmulatorEnv>(async (c, next) => {
    const { latencyMs, keyLatencyMs } = c.var.world.faults
    await next()
    if (isAdmin(c.req.raw)) return
    const durationMs = latencyMs + (kindOf(c.req.raw) === 'key' ? keyLatencyMs : 0)
    if (durationMs > 0) await wait(durationMs)
  })
