import { createMiddleware } from 'hono/factory'
import type { Faults, HeldKind } from '../faults.ts'
import type { RequestKind } from '../request-log.ts'
import type { EmulatorEnv } from './context.ts'
import { isAdmin, kindOf } from './request-kind.ts'
import { drop } from './unanswered.ts'

const GROUPS: Partial<Record<RequestKind, HeldKind>> = {
  key: 'key',
  key_info: 'api',
  list: 'api',
  upload: 'api',
  api: 'api',
  delivery: 'delivery',
}

function isHeld(kind: RequestKind, { holdAnswers }: Faults): boolean {
  return holdAnswers === 'all' || (holdAnswers !== 'none' && (kind === holdAnswers || GROUPS[kind] === holdAnswers))
}

/**
 * Keeps answers back until they are released, so that a test can do something meanwhile without waiting for a time.
 * As with a delay, the request has taken effect before.
 */
export const holding = createMiddleware<EmulatorEnv>(async (c, next) => {
  await next()
  const { faults, held, ended } = c.var.world
  if (c.var.isDropped || isAdmin(c.req.raw) || !isHeld(kindOf(c.req.raw), faults)) return
  if (!(await held.wait(AbortSignal.any([c.req.raw.signal, ended.signal])))) c.res = drop(c)
})
