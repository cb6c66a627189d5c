import type { Faults } from './faults.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

type Words = [code: string, msg: string, hint: string]

/** A body that is refused and does not say why. */
const SILENT: Words = ['ERR_REFUSED', 'The request was refused', '']

const SPOKEN: Record<Exclude<Faults['limitWords'], 'html'>, (seconds: string) => Words> = {
  all: seconds => ['RATE_LIMIT_EXCEEDED', 'Too many key requests', `Wait ${seconds} s`],
  code: () => ['RATE_LIMIT_EXCEEDED', SILENT[1], SILENT[2]],
  msg: () => [SILENT[0], 'Too many key requests', SILENT[2]],
  hint: () => [SILENT[0], SILENT[1], 'This template has reached its limit of calls'],
  none: () => SILENT,
}

/** What `Retry-After` says, by the server's clock where it is a date. */
function retryAfterHeader({ faults, clock }: World, waitMs: number): Record<string, string> {
  const { retryAfter, retryAfterSeconds } = faults
  const toldMs = retryAfterSeconds * 1000 || waitMs
  if (retryAfter === 'none') return {}
  if (retryAfter === 'seconds') return { 'Retry-After': `${Math.ceil(toldMs / 1000)}` }
  // A date has whole seconds; rounded down it would invite a call that is refused again.
  return { 'Retry-After': new Date(Math.ceil((clock.wallMs() + toldMs) / 1000) * 1000).toUTCString() }
}

/** The refusal of the sixth call: its status, body and headers are guesses, hence the faults that change them. */
export function tooMany(world: World, waitMs: number): Refusal {
  const { limitStatus, limitWords } = world.faults
  world.counters.keyRequestsRefused += 1
  const headers = retryAfterHeader(world, waitMs)
  if (limitWords === 'html') return new Refusal(limitStatus, '', 'Too Many Requests', '', headers, true)
  const [code, msg, hint] = SPOKEN[limitWords](`${Math.ceil(waitMs / 1000)}`)
  return new Refusal(limitStatus, code, msg, hint, headers)
}
