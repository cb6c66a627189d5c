import { Hono } from 'hono'
import type { KeyAnswer } from '../faults.ts'
import { bytes, html, json, success } from '../http/answers.ts'
import { addressOf, type EmulatorContext, type EmulatorEnv } from '../http/context.ts'
import { serverError } from '../http/faulty-api.ts'
import { drop, hang } from '../http/unanswered.ts'
import { PERMISSIONS } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { assertSourceAllowed } from '../source-scope.ts'
import type { Template } from '../templates.ts'

const HINT = 'New key created and ready to use'

// Status and code are guesses. The words must not suggest a limit, by which clients may recognise another refusal.
const templateRejected = () => new Refusal(404, 'SECURITY_TEMPLATE_NOT_FOUND', 'There is no such security template')

/** The refusal of the sixth call: its status, body and headers are guesses, hence the faults that change them. */
function tooMany(c: EmulatorContext, waitMs: number): Refusal {
  const { world } = c.var
  const { retryAfter, limitStatus } = world.faults
  world.counters.keyRequestsRefused += 1
  const seconds = `${Math.ceil(waitMs / 1000)}`
  // A date has whole seconds; rounded down it would invite a call that is refused again.
  const date = new Date(Math.ceil((world.clock.wallMs() + waitMs) / 1000) * 1000).toUTCString()
  const headers: Record<string, string> =
    retryAfter === 'none' ? {} : { 'Retry-After': retryAfter === 'date' ? date : seconds }
  return new Refusal(limitStatus, 'RATE_LIMIT_EXCEEDED', 'Too many key requests', `Wait ${seconds} s`, headers)
}

function templateOf(c: EmulatorContext): Template {
  const { world } = c.var
  const { token = '', template: id = '' } = c.req.param()
  const template = world.template(world.project(token).token, id)
  if (!template) throw templateRejected()
  return template
}

/** @throws {Refusal} when the call is one too many; such a call is not counted against the five */
function takeKeyRequest(c: EmulatorContext, template: Template, address: string): void {
  const { world } = c.var
  if (world.faults.rateLimitOff) return
  const window = world.keyWindow(template, address)
  const atMs = world.clock.elapsedMs()
  const waitMs = window.waitMs(atMs, template.keyRequestsPerMinute)
  if (waitMs > 0) throw tooMany(c, waitMs)
  window.add(atMs)
}

function newKey(c: EmulatorContext): Record<string, unknown> & { key: string } {
  const { world } = c.var
  const template = templateOf(c)
  const address = addressOf(c)
  assertSourceAllowed(template, address, world.countryOf)
  takeKeyRequest(c, template, address)

  const { key, ageSeconds } = world.keys.issue(template)
  world.counters.keysIssued += 1
  const validity = world.faults.expireDurationInResponse && { key_validity: { expire_duration: ageSeconds } }
  return { key, hint: HINT, ...validity }
}

const ANSWERS: Record<KeyAnswer, (c: EmulatorContext) => Response | Promise<Response>> = {
  normal: c => success(newKey(c)),
  huge: c => success({ ...newKey(c), hint: 'x'.repeat(1_000_000) }),
  no_key: () => success({ hint: HINT }),
  wrong_prefix: () => success({ key: 'PASS__v1.05__c3Q6MQ__00', hint: HINT }),
  too_many(c) {
    throw tooMany(c, 60_000)
  },
  template_rejected() {
    throw templateRejected()
  },
  server_error() {
    throw serverError()
  },
  html: () => html(200, 'Please sign in to this network'),
  empty: () => bytes('application/json', new Uint8Array()),
  hang,
  drop,
}

const answerKey = (c: EmulatorContext) => ANSWERS[c.var.world.faults.keyAnswer](c)

/** Tells a key's permissions. The key is in the URL because the vendor's uploader sends it so. */
function keyInfo(c: EmulatorContext): Response {
  const { world } = c.var
  const project = world.project(c.req.param('token') ?? '')
  // The uploader does not encode the key, so that a plus sign arrives as a blank.
  const key = (c.req.query('key') ?? '').replaceAll(' ', '+')
  const isSecret = project.secretKeys.includes(key.toLowerCase())
  const permissions = isSecret ? PERMISSIONS : world.keys.check(key, project.token).template.permissions
  return json(200, { status: 'success', is_validate: true, is_user_info_included: false, permissions })
}

export const keyRoutes = new Hono<EmulatorEnv>().get('/:token/key/:template', answerKey)

export const keyInfoRoute = new Hono<EmulatorEnv>().get('/:token/:version{v4|v5}/key/info', keyInfo)
