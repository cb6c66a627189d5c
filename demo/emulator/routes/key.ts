import { Hono } from 'hono'
import type { KeyAnswer } from '../faults.ts'
import { bytes, html, json, success } from '../http/answers.ts'
import { addressOf, type EmulatorContext, type EmulatorEnv } from '../http/context.ts'
import { failAsServer, NO_ANSWERS } from '../http/faulty-api.ts'
import { tooMany } from '../key-limit-refusal.ts'
import { PERMISSIONS } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { assertSourceAllowed } from '../source-scope.ts'
import type { Template } from '../templates.ts'

const HINT = 'New key created and ready to use'

// Status and code are guesses. The words must not suggest a limit, by which clients may recognise another refusal.
const templateRejected = (c: EmulatorContext) =>
  new Refusal(
    c.var.world.faults.rejectedStatus,
    'SECURITY_TEMPLATE_NOT_FOUND',
    'There is no such project or security template',
  )

function templateOf(c: EmulatorContext): Template {
  const { token = '', template: id = '' } = c.req.param()
  const template = c.var.world.template(token, id)
  if (!template) throw templateRejected(c)
  return template
}

/** @throws {Refusal} when the call is one too many; such a call is not counted against the five */
function takeKeyRequest(c: EmulatorContext, template: Template, address: string): void {
  const { world } = c.var
  if (world.faults.rateLimitOff) return
  const window = world.keyWindow(template, address)
  const atMs = world.clock.elapsedMs()
  const waitMs = window.waitMs(atMs, template.keyRequestsPerMinute)
  if (waitMs > 0) throw tooMany(world, waitMs)
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
  const { expireDurationInResponse, toldDurationSeconds, permissionsInResponse } = world.faults
  return {
    key,
    hint: HINT,
    ...(expireDurationInResponse && { key_validity: { expire_duration: toldDurationSeconds || ageSeconds } }),
    ...(permissionsInResponse && { permissions: template.permissions }),
  }
}

function oldKey(c: EmulatorContext): Response {
  const { keys } = c.var.world
  const template = templateOf(c)
  return success({ key: (keys.newest(template) ?? keys.issue(template)).key, hint: HINT })
}

const ANSWERS: Record<KeyAnswer, (c: EmulatorContext) => Response | Promise<Response>> = {
  ...NO_ANSWERS,
  normal: c => success(newKey(c)),
  huge: c => success({ ...newKey(c), hint: 'x'.repeat(1_000_000) }),
  no_key: () => success({ hint: HINT }),
  wrong_prefix: () => success({ key: 'PASS__v1.05__c3Q6MQ__00', hint: HINT }),
  old_key: oldKey,
  too_many(c) {
    throw tooMany(c.var.world, 60_000)
  },
  template_rejected(c) {
    throw templateRejected(c)
  },
  server_error: failAsServer,
  html: () => html(200, 'Please sign in to this network'),
  empty: () => bytes('application/json', new Uint8Array()),
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
