import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { type Emulator, SEED, startEmulator } from './emulator/index.ts'
import type { DemoConfig } from './page/connection.ts'
import { type PageValues, staticPage } from './static-pages.tsx'
import { policyHeader, strictPolicy } from './strict-csp/policy.ts'

/** What {@link startDemo} takes. */
export interface DemoOptions {
  /** The wanted port of the page; a free one where it is taken, or 0. @default 8080 */
  pagePort?: number
  /** The wanted port of the emulator; a free one where it is taken, or 0. @default 8787 */
  apiPort?: number
  /** Says nothing of ports that were taken. @default false */
  quiet?: boolean
}

/** A running demo: a page, and an API on another origin, as in life. */
export interface Demo {
  /** For example `'http://localhost:8080'`. */
  pageOrigin: string
  /** For example `'http://127.0.0.1:8787'`. */
  apiOrigin: string
  emulator: Emulator
  close(): Promise<void>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const SITE_FOLDER = here('../dist-demo')
const SCRIPT_FILE = here('../dist/filerobot-widget-auth.global.js')
const WORKER_FILE = here('../dist/filerobot-widget-auth.service-worker.js')
const SCRIPT_TAG_PAGE = here('script-tag.html')
const STRICT_PAGE = here('strict-csp/page.html')
const LOOPBACK = '127.0.0.1'

/**
 * Serves the built demo and, on another port, the emulator that it asks for keys.
 *
 * @throws {Error} when the page, the script-tag file or the service worker was not built
 */
export async function startDemo({ pagePort = 8080, apiPort = 8787, quiet = false }: DemoOptions = {}): Promise<Demo> {
  assertBuilt(`${SITE_FOLDER}/index.html`, 'The demo page', 'npx vite build --mode demo')
  assertBuilt(SCRIPT_FILE, 'The script-tag file', 'npx vite build --mode script')
  assertBuilt(WORKER_FILE, 'The service worker', 'npx vite build --mode service-worker')
  const api = await onFreePort('API', apiPort, quiet, port => startEmulator({ port, hostname: LOOPBACK }))
  try {
    const site = await onFreePort('page', pagePort, quiet, port => listen(pageApp(api.origin), port))
    return {
      // By name: a browser then treats the page and the API, which is at an address, as two sites.
      pageOrigin: `http://localhost:${(site.address() as AddressInfo).port}`,
      apiOrigin: api.origin,
      emulator: api.emulator,
      close: async () => {
        await Promise.all([closeServer(site), api.close()])
      },
    }
  } catch (error) {
    await api.close()
    throw error
  }
}

function pageApp(apiOrigin: string): Hono {
  const { token, templateId, narrowTemplateId } = SEED
  const config: DemoConfig = {
    token,
    templateId,
    narrowTemplateId,
    apiBase: apiOrigin,
    samples: {
      uploadFolder: '/photos',
      pictureUrl: `${apiOrigin}/cdn/${token}/photos/night-ridge.png`,
      spinFolder: '/spin-private',
    },
  }
  const values: PageValues = { token, template: templateId, apiBase: apiOrigin }
  const scriptTagPage = () => staticPage(SCRIPT_TAG_PAGE, '/script-tag', values)
  const rules = strictPolicy(apiOrigin)
  const builtPage = (name: string) => serveStatic({ path: `${SITE_FOLDER}/demo/${name}.html` })

  return new Hono()
    .use(async (context, next) => {
      await next()
      // Names in assets/ hold a hash of the content; everything else is always the latest build's.
      const isNamedByContent = context.req.path.startsWith('/assets/')
      context.header('Cache-Control', isNamedByContent ? 'max-age=31536000, immutable' : 'no-cache')
      context.header('X-Content-Type-Options', 'nosniff')
    })
    .get('/demo-config.json', context => context.json(config))
    .get('/script-tag', async context => context.html(await scriptTagPage()))
    .get('/script-tag.html', async context => context.html(await scriptTagPage()))
    .get('/strict-csp', async context => {
      context.header('Content-Security-Policy', policyHeader(rules))
      return context.html(await staticPage(STRICT_PAGE, '/strict-csp', values, rules))
    })
    .get('/strict-csp/page.js', serveStatic({ path: here('strict-csp/page.js') }))
    .get('/errors', builtPage('errors/index'))
    .get('/two-tabs', builtPage('two-tabs/index'))
    .get('/tab', builtPage('two-tabs/tab'))
    .get('/filerobot-widget-auth.global.js', serveStatic({ path: SCRIPT_FILE }))
    .get('/filerobot-widget-auth.service-worker.js', serveStatic({ path: WORKER_FILE }))
    .get('/styles/*', serveStatic({ root: here('.') }))
    .get('*', serveStatic({ root: SITE_FOLDER }))
}

function assertBuilt(file: string, what: string, command: string): void {
  if (!existsSync(file)) throw new Error(`${what} is not built yet. Run "${command}", or start by "npm run demo".`)
}

/** Another program may have the port: the demo then takes any other, and says so. */
async function onFreePort<T>(what: string, port: number, quiet: boolean, start: (port: number) => Promise<T>) {
  try {
    return await start(port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    if (!quiet) console.warn(`Port ${port} is taken: the ${what} gets another.`)
    return start(0)
  }
}

function listen(app: Hono, port: number): Promise<Server> {
  // The adapter would replace the global Request and Response of the process that starts the demo, such as a test's.
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => resolve(server))
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
