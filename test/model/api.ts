import type { Random } from './random.ts'
import type { Tab } from './tab.ts'
import type { World } from './world.ts'

/** What the API may make of a request; `insist`: it says of every key that it is expired or invalid. */
export const API_ANSWERS = ['ok', 'noContent', 'image', 'busy', 'drop', 'slow', 'redirect'] as const
export type ApiAnswer = (typeof API_ANSWERS)[number] | 'insistExpired' | 'insistInvalid'

export const API_URL = 'https://api.filerobot.com/fusqadtm/v4/files'

/** What became of the sends of one `auth.fetch`. */
export interface Sends {
  /** The keys that it went with, in order. */
  keys: string[]
  refusalCount: number
}

/** The part of the service that wants keys: it refuses those that are dead by its own clock. */
export class Api {
  /** By the number of the call, which is in the URL. */
  readonly sends = new Map<number, Sends>()
  readonly #world: World
  #next: { answer: ApiAnswer; times: number } = { answer: 'ok', times: 0 }

  constructor(world: World) {
    this.#world = world
  }

  answerNext(answer: ApiAnswer, times: number): void {
    this.#next = { answer, times }
  }

  send(tab: Tab, request: Request): Promise<Response> {
    const { random, machine, timeline, service, keyUse, calls } = this.#world
    if (tab.isClosed) return new Promise(() => {})
    const key = request.headers.get('X-Filerobot-Key') ?? ''
    const number = Number(new URL(request.url).searchParams.get('call'))
    const sends = this.sends.get(number) ?? { keys: [], refusalCount: 0 }
    this.sends.set(number, sends)
    sends.keys.push(key)
    const call = calls.find(number)
    if (call) keyUse.check(call.session, key, 'was sent')
    return new Promise((resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
      const wayMs = () => 5 + random() * service.latencyMs
      const lose = () => reject(new TypeError(`Failed to fetch ${key}`))
      if (!machine.isOnLine) return tab.later(5, lose)
      timeline.in(wayMs(), () => {
        const answer = this.#handle(key, random)
        if (answer.isRefusal) sends.refusalCount++
        this.#world.note(() => `the API answers call ${number} with ${key.slice(-24)}: ${answer.about}`)
        const slowMs = answer.about === 'slow' ? 1000 + random() * 4000 : 0
        tab.later(wayMs() + slowMs, () => {
          if (answer.about === 'drop') return lose()
          if (answer.isRefusal && call && !request.signal.aborted) keyUse.noteRefused(call.session, key)
          resolve(answer.response())
        })
      })
    })
  }

  #handle(key: string, random: Random) {
    const { setup, service, timeline } = this.#world
    const isPlanned = this.#next.times > 0
    if (isPlanned) this.#next.times--
    const plan = isPlanned ? this.#next.answer : 'ok'
    const grant = service.grants.get(key)
    const isInvalid = plan === 'insistInvalid' || !grant || grant.isRevoked
    const isExpired = plan === 'insistExpired' || (grant && timeline.nowMs >= grant.diesAtMs)
    if (!isInvalid && !isExpired) return { about: plan, isRefusal: false, response: () => acceptance(plan) }
    const word = isInvalid ? 'ERR_SASS_INVALID' : 'KEY_EXPIRED'
    // It is known from clients that read either.
    const words = random() < 0.5 ? { code: word, msg: 'Refused' } : { code: 'FORBIDDEN', msg: word }
    const response = () => Response.json({ status: 'error', ...words }, { status: setup.refusalStatus })
    return { about: word, isRefusal: true, response }
  }
}

function acceptance(answer: ApiAnswer): Response {
  switch (answer) {
    case 'noContent':
      return new Response(null, { status: 204 })
    case 'image':
      return new Response(new Uint8Array([0xff, 0xd8, 0xff]), { headers: { 'Content-Type': 'image/jpeg' } })
    case 'busy':
      return Response.json({ status: 'error', code: 'INTERNAL' }, { status: 500 })
    case 'redirect':
      return new Response(null, { status: 302, headers: { Location: 'https://elsewhere.example/' } })
    default:
      return Response.json({ status: 'success', files: [] })
  }
}
