import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ServerType, serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { BrowserContext, Page, Request } from 'playwright-core'
import { type Library, readLibrary, testPagesFolder, withHead } from '../library.ts'
import type { TestBrowser } from './chromium.ts'

export { launchBrowser, type TestBrowser } from './chromium.ts'

/** Where `vite build --mode demo` puts the page. */
export const siteFolder = fileURLToPath(new URL('../../dist-demo', import.meta.url))

/** A running web server. */
export interface Site {
  /** For example `'http://localhost:41234'`. */
  origin: string
  close: () => Promise<void>
}

/** What pages for tests load: the files as they are published, unless TEST_BUILD says `modules`. */
export const pagesLibrary = (): Library => readLibrary(process.env.TEST_BUILD === 'modules' ? 'modules' : 'minified')

/** Answers `/test/…` with the pages for tests, and `/library/…` with the library that these load. */
export function serveTestPages(app: Hono, { files, tags }: Library): void {
  app.get('/library/:name', context =>
    context.body(files.get(context.req.param('name')) ?? '', 200, { 'content-type': 'text/javascript' }),
  )
  app.get('/test/:name{[^/]+\\.html}', context =>
    context.html(withHead(readFileSync(`${testPagesFolder}/${context.req.param('name')}`, 'utf8'), tags)),
  )
  app.use('/test/*', serveStatic({ root: testPagesFolder, rewriteRequestPath: path => path.slice('/test'.length) }))
}

/**
 * Serves what was built: the demo page at `/`, and the pages for tests.
 *
 * @example
 * ```ts
 * const site = await serveSite()
 * await page.goto(`${site.origin}/test/widgets.html`)
 * await page.evaluate(() => window.widgets.auth.getKey())
 * ```
 * @param folder what is served
 * @param port a free one where it is 0
 */
export function serveSite(folder = siteFolder, port = 0): Promise<Site> {
  const app = new Hono()
  // Pages are always the latest build's; their scripts have a hash in the name.
  app.use(async (context, next) => {
    await next()
    context.header('cache-control', 'no-cache')
  })
  serveTestPages(app, pagesLibrary())
  app.use(serveStatic({ root: folder }))
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, info => {
      resolve({
        origin: `http://localhost:${info.port}`,
        close: () =>
          new Promise((closed, failed) => {
            if ('closeAllConnections' in server) server.closeAllConnections()
            server.close(error => (error ? failed(error) : closed()))
          }),
      })
    })
    server.on('error', reject)
  })
}

/** What a page did that a test wants to know. */
export interface Watch {
  /** All requests of the page and its workers over the network. */
  requests: Request[]
  /** Messages of errors that nobody caught, and of unhandled rejections. */
  errors: string[]
}

/** Watches everything that happens in `context` from now on. */
export function watch(context: BrowserContext): Watch {
  const seen: Watch = { requests: [], errors: [] }
  context.on('request', request => {
    if (/^https?:/.test(request.url())) seen.requests.push(request)
  })
  context.on('weberror', error => seen.errors.push(String(error.error())))
  return seen
}

/** A page in a profile of its own: nothing stored, nothing cached. */
export async function newPage(browser: TestBrowser): Promise<{ page: Page; seen: Watch; close: () => Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const seen = watch(context)
  return { page: await context.newPage(), seen, close: () => context.close() }
}

/**
 * Resolves when a page that was loaded has the global by which tests use it. Its script has run by then: one that was
 * built without its script, or whose script throws, is not waited for as long as for what a page does.
 */
export async function ready(page: Page, hands: string): Promise<void> {
  await page
    .waitForFunction(hands => hands in window, hands, { timeout: 5000 })
    .catch((error: unknown) => {
      throw new Error(`${page.url()} is loaded and has no window.${hands}: is its script there?`, { cause: error })
    })
}
