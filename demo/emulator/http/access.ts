import { createMiddleware } from 'hono/factory'
import { isInScope } from '../folder-scope.ts'
import type { Permission } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { assertSourceAllowed } from '../source-scope.ts'
import { addressOf, type Caller, type EmulatorContext, type EmulatorEnv } from './context.ts'

/** @throws {Refusal} when the request carries no key, or one that is not good in this project */
function identify(c: EmulatorContext, token: string): Caller {
  const { world } = c.var
  const project = world.project(token)
  const key = c.req.header('X-Filerobot-Key')
  // 401 is a guess: the documentation says that a key is needed, not how a call without one is refused.
  if (!key) throw new Refusal(401, 'ERR_KEY_MISSING', 'This call needs a key', 'Send it as X-Filerobot-Key')
  if (project.secretKeys.includes(key.toLowerCase())) return { kind: 'secret' }
  const issued = world.keys.check(key, token)
  assertSourceAllowed(issued.template, addressOf(c), world.countryOf)
  return { kind: 'access', issued }
}

/** Judges the key, and leaves the verdict for {@link callerOf}. */
export const identifyCaller = createMiddleware<EmulatorEnv>(async (c, next) => {
  identifyNow(c)
  await next()
})

/** The same when the body is there, where that is when the service judges. */
export const identifyCallerAgain = createMiddleware<EmulatorEnv>(async (c, next) => {
  if (c.var.world.faults.keyJudgedAt === 'end') identifyNow(c)
  await next()
})

function identifyNow(c: EmulatorContext): void {
  try {
    c.set('caller', identify(c, c.req.param('token') ?? ''))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    c.set('caller', error)
  }
}

const forbidden = (why: string) => new Refusal(403, 'FORBIDDEN', 'FORBIDDEN', why)

/** @throws {Refusal} when the key was not good, or lacks the permission */
export function callerOf(c: EmulatorContext, permission?: Permission): Caller {
  const { caller } = c.var
  if (caller instanceof Refusal) throw caller
  if (permission && caller.kind === 'access' && !caller.issued.template.permissions.includes(permission))
    throw forbidden(`The template does not grant ${permission}`)
  return caller
}

const scopeOf = (caller: Caller, what: 'upload' | 'listing') =>
  caller.kind === 'secret' ? [] : caller.issued.template[what].folders

export const mayReach = (caller: Caller, what: 'upload' | 'listing', folder: string) =>
  isInScope(folder, scopeOf(caller, what))

/** @throws {Refusal} when the folder is outside the template's scope */
export function assertMayReach(caller: Caller, what: 'upload' | 'listing', folder: string): void {
  if (!mayReach(caller, what, folder)) throw forbidden(`The template does not reach this folder for ${what}`)
}

/** Counts a listing call. That the number is each key's and in total is a guess: the documentation names it only. */
export function takeListCall(caller: Caller): void {
  if (caller.kind === 'secret') return
  const { issued } = caller
  if (issued.listCalls >= (issued.template.listing.calls ?? Infinity))
    throw new Refusal(429, 'LIST_LIMIT_REACHED', 'Too many listing calls')
  issued.listCalls += 1
}
