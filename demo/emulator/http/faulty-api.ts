import { createMiddleware } from 'hono/factory'
import type { ApiAnswer } from '../faults.ts'
import { Refusal } from '../refusal.ts'
import { html, nothing } from './answers.ts'
import type { EmulatorContext, EmulatorEnv } from './context.ts'
import { drop, hang } from './unanswered.ts'

export const serverError = () => new Refusal(500, 'ERR_SERVER', 'Internal server error', 'Switched on in the emulator')

const ANSWERS: Record<Exclude<ApiAnswer, 'normal'>, (c: EmulatorContext) => Response | Promise<Response>> = {
  server_error() {
    throw serverError()
  },
  forbidden() {
    throw new Refusal(403, 'FORBIDDEN', 'FORBIDDEN', 'Switched on in the emulator')
  },
  html: () => html(502, 'Bad Gateway'),
  redirect: c => nothing(302, { Location: c.var.world.faults.redirectTo }),
  hang,
  drop,
}

/** Answers in the service's place where a fault says so. */
export const faulty = (which: 'apiAnswer' | 'deliveryAnswer') =>
  createMiddleware<EmulatorEnv>(async (c, next) => {
    const answer = c.var.world.faults[which]
    return answer === 'normal' ? next() : ANSWERS[answer](c)
  })
