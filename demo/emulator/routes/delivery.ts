import { Hono } from 'hono'
import type { StoredFile } from '../file-store.ts'
import { assertMayReach, callerOf, identifyCaller } from '../http/access.ts'
import { bytes } from '../http/answers.ts'
import { type EmulatorContext, type EmulatorEnv, originOf } from '../http/context.ts'
import { faulty } from '../http/faulty-api.ts'
import { Refusal } from '../refusal.ts'
import type { World } from '../world.ts'

/** The file at `/cdn/{token}/path/name.ext`. The query is ignored: it asks for sizes, which are not made here. */
export function readCdnPath(world: World, url: URL): StoredFile | undefined {
  const [, token = '', path = ''] = /^\/cdn\/([^/]+)(\/.+)$/.exec(url.pathname) ?? []
  try {
    return world.projects.get(token)?.files.byPath(decodeURIComponent(path))
  } catch {
    return undefined
  }
}

/** That delivery accepts a key for private files is a guess, hence the fault `deliveryAcceptsKey`. */
function assertMayFetch(c: EmulatorContext, file: StoredFile): void {
  const isKeyless = !c.req.header('X-Filerobot-Key')
  if (isKeyless || !c.var.world.faults.deliveryAcceptsKey)
    throw new Refusal(403, 'FORBIDDEN', 'FORBIDDEN', 'This file is private')
  const caller = callerOf(c, 'OBJECTS_FETCH')
  assertMayReach(caller, 'listing', file.folder.path)
}

function deliver(c: EmulatorContext): Response {
  const { world } = c.var
  const file = readCdnPath(world, new URL(c.req.url, originOf(c)))
  if (!file) throw new Refusal(404, 'FILE_NOT_FOUND', 'There is no such file')
  const isPrivate = file.visibility === 'private'
  if (isPrivate) assertMayFetch(c, file)
  world.counters.deliveries += 1
  return bytes(file.type, file.body.bytes(), {
    'Cache-Control': isPrivate ? 'private, no-store' : 'public, max-age=3600',
    // Uploaded pages and drawings are delivered from the API's own origin here: they must not run in it.
    'Content-Security-Policy': 'sandbox',
    'X-Content-Type-Options': 'nosniff',
  })
}

export const deliveryRoutes = new Hono<EmulatorEnv>()
  .use('/cdn/:token/*', faulty('deliveryAnswer'), identifyCaller)
  .get('/cdn/:token/*', deliver)
