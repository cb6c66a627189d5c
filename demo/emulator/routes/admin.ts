import { Hono } from 'hono'
import type { Emulator } from '../emulator.ts'
import type { Faults } from '../faults.ts'
import { filesIn, pathOf } from '../file-store.ts'
import { normalFolder } from '../folder-scope.ts'
import { json } from '../http/answers.ts'
import { jsonBody } from '../http/body.ts'
import { addressOf, type EmulatorContext, type EmulatorEnv } from '../http/context.ts'
import { Refusal } from '../refusal.ts'
import { parseTemplate } from '../templates.ts'
import type { World } from '../world.ts'

/** A stored file. */
export interface FileSummary {
  readonly token: string
  readonly uuid: string
  readonly path: string
  readonly type: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly visibility: 'public' | 'private'
  readonly version: number
}

/** The files in and below a folder, of all projects. */
export const filesOf = (world: World, folder: string): FileSummary[] =>
  [...world.projects.values()].flatMap(({ token, files }) =>
    filesIn(files, normalFolder(folder), true).map(file => ({
      token,
      uuid: file.uuid,
      path: pathOf(file),
      type: file.type,
      sizeBytes: file.body.bytes().byteLength,
      sha256: file.body.sha256(),
      visibility: file.visibility,
      version: file.version,
    })),
  )

const stateOf = (world: World) => ({
  nowMs: world.clock.wallMs(),
  offsetMs: world.clock.offsetMs,
  projects: [...world.projects.keys()],
  templates: world.templates(),
  counters: world.counters,
  openRequests: world.openRequests,
  heldAnswers: world.held.count,
  faults: world.faults,
})

const invalid = (hint: string) => new Refusal(400, 'ERR_BODY_INVALID', 'The body is not as it should be', hint)

function clockOf(c: EmulatorContext): { offsetMs?: number; advanceMs?: number } {
  const given = jsonBody(c)
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : []
  const isGood = entries.every(
    ([name, value]) =>
      Number.isFinite(value) && (name === 'offsetMs' || (name === 'advanceMs' && (value as number) >= 0)),
  )
  if (entries.length === 0 || !isGood) throw invalid('offsetMs or advanceMs, a number of milliseconds, is wanted')
  return Object.fromEntries(entries)
}

/** The same things over HTTP that {@link Emulator} offers in process. */
export function adminRoutes(emulator: () => Emulator): Hono<EmulatorEnv> {
  const state = (c: EmulatorContext) => json(200, stateOf(c.var.world))
  return new Hono<EmulatorEnv>()
    .basePath('/_emulator')
    .get('/state', state)
    .get('/log', c => json(200, { entries: c.var.world.log.entries(Number(c.req.query('after') ?? 0) || 0) }))
    .get('/files', c => json(200, { files: filesOf(c.var.world, c.req.query('folder') ?? '/') }))
    .post('/faults', c => {
      try {
        emulator().setFaults(jsonBody(c) as Partial<Faults>)
      } catch (error) {
        throw error instanceof TypeError ? invalid(error.message) : error
      }
      return json(200, { faults: c.var.world.faults })
    })
    .delete('/faults', c => {
      emulator().clearFaults()
      return json(200, { faults: c.var.world.faults })
    })
    .post('/release', () => json(200, { released: emulator().release() }))
    .post('/clock', c => {
      emulator().setClock(clockOf(c))
      return state(c)
    })
    .post('/keys/use-up', c => {
      const { token, templateId } = Object(jsonBody(c)) as { token?: unknown; templateId?: unknown }
      emulator().useUpMinute({ token: String(token), templateId: String(templateId), address: addressOf(c) })
      return state(c)
    })
    .post('/keys/expire', c => {
      emulator().expireKeys()
      return state(c)
    })
    .post('/keys/revoke', c => {
      emulator().revokeKeys()
      return state(c)
    })
    .post('/reset', () => {
      emulator().reset()
      return json(200, { status: 'success' })
    })
    .post('/templates', c => {
      const parsed = parseTemplate(jsonBody(c))
      if ('wrong' in parsed) throw invalid(`wrong: ${parsed.wrong.join(', ')}`)
      c.var.world.project(parsed.template.token)
      emulator().putTemplate(parsed.template)
      return json(200, { template: parsed.template })
    })
}
