import { createMiddleware } from 'hono/factory'
import type { Faults } from '../faults.ts'
import { nothing } from './answers.ts'
import type { EmulatorEnv } from './context.ts'
import { isAdmin, isPreflight } from './request-kind.ts'

// The X-…-Token headers are the stock uploader's, on its calls of the administration host.
const ALLOWED_HEADERS = 'X-Filerobot-Key, Content-Type, X-Session-Token, X-Company-Token, X-Project-Token'

function preflightHeaders(request: Request, corsMaxAgeSeconds: number): Record<string, string> {
  return {
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    ...(corsMaxAgeSeconds > 0 && { 'Access-Control-Max-Age': `${corsMaxAgeSeconds}` }),
    // Chromium asks this before a public page may reach a server on this machine.
    ...(request.headers.get('Access-Control-Request-Private-Network') === 'true' && {
      'Access-Control-Allow-Private-Network': 'true',
    }),
  }
}

function exposedHeaders(faults: Faults): string {
  return [faults.exposeRetryAfter && 'Retry-After', faults.exposeDate && 'Date'].filter(Boolean).join(', ')
}

/** Lets pages of every origin call, without credentials, and answers their preflights. */
export const cors = createMiddleware<EmulatorEnv>(async (c, next) => {
  const { faults } = c.var.world
  const request = c.req.raw
  const ofAdmin = isAdmin(request)
  if (isPreflight(request)) c.res = nothing(204, preflightHeaders(request, ofAdmin ? 0 : faults.corsMaxAgeSeconds))
  else await next()

  const { headers } = c.res
  headers.set('Access-Control-Allow-Origin', '*')
  if (ofAdmin) return
  const exposed = exposedHeaders(faults)
  if (exposed) headers.set('Access-Control-Expose-Headers', exposed)
  if (faults.corsOff)
    for (const name of Array.from(headers.keys())) if (name.startsWith('access-control-')) headers.delete(name)
})
