import { createMiddleware } from 'hono/factory'
import { keyLabel } from '../keys.ts'
import type { LogEntry } from '../request-log.ts'
import type { EmulatorEnv } from './context.ts'
import { isAdmin, kindOf } from './request-kind.ts'

const HIDDEN = 'SASS_…'

/** A key may stand in `?key=` or, by mistake, anywhere else. */
function keyInUrl(url: URL): string | undefined {
  return url.searchParams.get('key') ?? /SASS_[^&/?#]*/.exec(url.pathname + url.search)?.[0]
}

const withoutKey = (url: URL) =>
  (url.pathname + url.search).replace(/([?&]key=)[^&]*/g, `$1${HIDDEN}`).replace(/SASS_[^&/?#…]+/g, HIDDEN)

function keyPlaces(request: Request, url: URL): Pick<LogEntry, 'keyIn' | 'keyLabel'> {
  const header = request.headers.get('X-Filerobot-Key') || undefined
  const inUrl = keyInUrl(url)
  const key = header ?? inUrl
  if (key === undefined) return { keyIn: 'none', keyLabel: '' }
  const keyIn = header === undefined ? 'url' : inUrl === undefined ? 'header' : 'both'
  return { keyIn, keyLabel: keyLabel(key) }
}

/** Writes each request down, except those of the admin API. */
export const logging = createMiddleware<EmulatorEnv>(async (c, next) => {
  const request = c.req.raw
  if (isAdmin(request)) return next()

  const { world } = c.var
  const { log, clock, counters } = world
  const kind = kindOf(request)
  const url = new URL(request.url)
  const atMs = clock.realMs()
  const startedMs = performance.now()
  world.openRequests += 1
  if (kind === 'key') counters.keyRequests += 1
  if (kind === 'preflight') counters.preflights += 1

  let isAnswered = false
  try {
    await next()
    isAnswered = !c.var.isDropped
  } finally {
    world.openRequests -= 1
    log.add({
      atMs,
      method: request.method,
      path: withoutKey(url),
      kind,
      status: isAnswered ? c.res.status : 0,
      origin: request.headers.get('Origin') ?? '',
      ...keyPlaces(request, url),
      durationMs: Math.round(performance.now() - startedMs),
      bytesIn: c.var.body?.byteLength ?? 0,
      bytesOut: isAnswered && request.method !== 'HEAD' ? Number(c.res.headers.get('Content-Length') ?? 0) : 0,
    })
  }
})
