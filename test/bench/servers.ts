import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { createEmulator, type Emulator, SEED } from '../../demo/emulator/index.ts'
import { createIssuer, type Issuer } from './issuer.ts'
import type { Api } from './peers/peer.ts'

/** What the benchmark's pages talk to, each on an origin of its own, over real HTTP. */
export interface Servers {
  pageOrigin: string
  api: Api
  emulator: Emulator
  issuer: Issuer
  /** What time it is for the API; a page in simulated time tells it before each request. */
  setNowMs(nowMs: number | undefined): void
  close(): Promise<void>
}

const html = (page: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>${page}</title>
${page === 'tab' ? '<script type="module" src="/simulated-tab.js"></script>' : ''}
<script type="module" src="/${page}.js"></script>
</html>`

/** @param folder where the pages' scripts were built */
export async function startServers(folder: string): Promise<Servers> {
  let simulatedNowMs: number | undefined
  const nowMs = () => simulatedNowMs ?? Date.now()
  const emulator = createEmulator({ nowMs, pictures: false })
  const { token, templateId } = SEED

  const pages = new Hono()
  pages.use(async (c, next) => {
    await next()
    // A browser starts a process for each isolated origin, and first visits are to many.
    if (c.req.header('Host')?.startsWith('visit-')) return
    // An isolated page has a clock of 5 µs instead of 100.
    c.header('Cross-Origin-Opener-Policy', 'same-origin')
    c.header('Cross-Origin-Embedder-Policy', 'require-corp')
  })
  pages.post('/clock', async c => {
    simulatedNowMs = Number(await c.req.text())
    return c.body(null, 204)
  })
  pages.get('/:page{\\w[\\w-]*}', c => c.html(html(c.req.param('page'))))
  pages.use(serveStatic({ root: folder }))

  const issuer = createIssuer(emulator, `/${token}/key/${templateId}`, nowMs)
  const [pageServer, apiServer, issuerServer] = await Promise.all([
    listen(pages),
    listen({ fetch: (request, bindings) => preflightsForgotten(request, emulator.app.fetch(request, bindings)) }),
    listen(issuer.app),
  ])
  return {
    pageOrigin: originOf(pageServer),
    api: { origin: originOf(apiServer), token, templateId, issuer: originOf(issuerServer) },
    emulator,
    issuer,
    setNowMs(nowMs) {
      simulatedNowMs = nowMs
    },
    close: async () => void (await Promise.all([pageServer, apiServer, issuerServer].map(closeServer))),
  }
}

const originOf = (server: Server) => `http://localhost:${(server.address() as AddressInfo).port}`

/**
 * Unless it is told otherwise, Chromium remembers a preflight for five seconds by its own clock, in which a simulated day
 * may be over.
 */
async function preflightsForgotten(request: Request, answering: Response | Promise<Response>): Promise<Response> {
  const { status, headers, body } = await answering
  if (request.method !== 'OPTIONS' || headers.has('Access-Control-Max-Age')) return answering
  const changed = new Headers(headers)
  changed.set('Access-Control-Max-Age', '0')
  return new Response(body, { status, headers: changed })
}

/** Answers one request of a connection. */
interface App {
  fetch(request: Request, bindings: object): Response | Promise<Response>
}

function listen(app: App): Promise<Server> {
  const server = createAdaptorServer({
    fetch: (request, bindings) => app.fetch(request, bindings),
  }) as Server
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

const closeServer = (server: Server) =>
  new Promise<void>(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
