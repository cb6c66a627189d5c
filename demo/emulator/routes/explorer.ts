import { Hono } from 'hono'
import { callerOf } from '../http/access.ts'
import { success } from '../http/answers.ts'
import type { EmulatorContext, EmulatorEnv } from '../http/context.ts'

/** What the stock uploader asks for when it is mounted, besides files and folders: a project with nothing set up. */
const EMPTY_ANSWERS: Record<string, Record<string, unknown>> = {
  settings: { settings: {} },
  'attributes/keys': { attributes: [] },
  'attributes/tags': { attributes: [] },
  filters: { filters: { file_types: [], tags: [] } },
  tags: { tags: [] },
  labels: { labels: [] },
  collections: { collections: [] },
}

const answer = (body: Record<string, unknown>) => (c: EmulatorContext) => {
  callerOf(c)
  return success(body)
}

export const explorerRoutes = new Hono<EmulatorEnv>()
for (const [path, body] of Object.entries(EMPTY_ANSWERS)) explorerRoutes.get(`/:token/v5/${path}`, answer(body))

/** The administration host's constants, which the uploader asks for without a key. */
explorerRoutes.get('/public/constants', () => success({ constants: {} }))
