import { createMiddleware } from 'hono/factory'
import type { ApiAnswer, NoAnswer } from '../faults.ts'
import { Refusal } from '../refusal.ts'
import { html, nothing } from './answers.ts'
import { cutOff, endless, stalled } from './broken-body.ts'
import type { EmulatorContext, EmulatorEnv } from './context.ts'
import { drop, hang } from './unanswered.ts'

type Answer = (c: EmulatorContext) => Response | Promise<Response>

/** @throws {Refusal} always */
export function failAsServer(c: EmulatorContext): never {
  const { errorStatus } = c.var.world.faults
  throw new Refusal(errorStatus, 'ERR_SERVER', 'Internal server error', 'Switched on in the emulator')
}

export const NO_ANSWERS: Record<NoAnswer, Answer> = { hang, drop, cut_off: cutOff, stalled, endless }

const ANSWERS: Record<Exclude<ApiAnswer, 'normal'>, Answer> = {
  ...NO_ANSWERS,
  server_error: failAsServer,
  forbidden() {
    throw new Refusal(403, 'FORBIDDEN', 'FORBIDDEN', 'Switched on in the emulator')
  },
  html: () => html(502, 'Bad Gateway'),
  redirect: c => nothing(302, { Location: c.var.world.faults.redirectTo }),
}

/** Answers in the service's place where a fault says so. */
export const faulty = (which: 'apiAnswer' | 'keyInfoAnswer' | 'uploadAnswer' | 'deliveryAnswer') =>
  createMiddleware<EmulatorEnv>(async (c, next) => {
    const answer = c.var.world.faults[which]
    return answer === 'normal' ? next() : ANSWERS[answer](c)
  })
