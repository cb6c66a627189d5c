import type { AuthErrorCode } from '../errors.js'
import { own } from '../untrusted.js'
import type { Asked, Place } from './asking.js'
import { quoted } from './secrets.js'
import { clockTime, span } from './time-words.js'

/** Why there is no key, and what to do about it. */
export interface Failure {
  readonly code: AuthErrorCode
  readonly why: string
  readonly whatToDo: string
  /** The service's own `code`, `msg` and `hint`, where it said something. */
  readonly said?: string | undefined
}

const MINUTE_OF_FIVE =
  'The service gives 5 keys a minute for a template and an address, shared by all who are behind it.'

/** Puts into words why a key request failed. */
export function failureOf(place: Place, { error, answer, causeCode }: Asked, nowMs: number): Failure {
  const code = error?.code ?? 'network'
  const { host } = new URL(place.apiBase)
  const status = error?.status ?? answer?.status
  const retryAtMs = error?.retryAtMs ?? 0
  const words: Partial<Record<AuthErrorCode, [why: string, whatToDo: string]>> = {
    template_rejected: [
      `the service does not know the project or the template, or refuses this address (HTTP ${status})`,
      'Compare --token and --template with the Filerobot hub. If they are right, look at which addresses and countries ' +
        'the template allows.',
    ],
    rate_limited: [
      `too many key requests (HTTP ${status})`,
      `${MINUTE_OF_FIVE} Try again in ${span(Math.ceil((retryAtMs - nowMs) / 1000))}, at ${clockTime(retryAtMs, nowMs)}.`,
    ],
    network: [
      `no answer from ${host}${causeCode ? ` (${causeCode})` : ''}`,
      'Look at the connection, a proxy or firewall on the way, and --api-base if it was given.',
    ],
    timeout: [
      `no whole answer from ${host} in time`,
      'Try again, or give it longer by --timeout. A firewall that drops requests looks like this too.',
    ],
    server: [`the service failed (HTTP ${status})`, 'Try again in a while; it is nothing that the template causes.'],
    malformed_response: [
      `what came from ${host} is no answer of the Filerobot API (HTTP ${status}, ` +
        `${quoted(answer?.contentType ?? '') || 'of no type'})`,
      'A sign-in page of the network, a proxy, or a wrong --api-base answers like this. Open the address in a browser.',
    ],
  }
  const [why, whatToDo] = words[code] ?? [code, 'docs/errors.md has more about this code.']
  return { code, why, whatToDo, said: saidBy(answer?.body) }
}

function saidBy(body: unknown): string | undefined {
  const parts = ['code', 'msg', 'hint'].map(name => own(body, name)).filter(text => typeof text === 'string' && text)
  return parts.length > 0 ? [...new Set(parts as string[])].map(quoted).join(' · ') : undefined
}
