import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { testPagesFolder, withHead } from '../../library.ts'
import { pagesLibrary, type Site, serveTestPages } from '../harness.ts'

/** Where the site hosts the worker: for all of its pages. */
export const hostedAt = '/filerobot-widget-auth.service-worker.js'

/** A site with the worker's file, hosted well and in every wrong way, and with a worker of its own. */
export interface WorkerSite extends Site {
  /** Appended to the file: other bytes are another release of the worker. */
  release: string
  /** With which `/strict.js` is answered. */
  policy: string
}

/** The site's own worker: it takes the hosted file, and answers one address itself. */
const ownWorker = `importScripts('${hostedAt}')
const options = JSON.parse(new URL(location.href).searchParams.get('options'))
const { handleFetch } = FilerobotAuthWorker.createFetchHandler(options)
addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(clients.claim()))
addEventListener('fetch', event => {
  if (handleFetch(event)) return
  if (event.request.url.endsWith('/of-the-site')) event.respondWith(new Response('from the own worker'))
})`

/** A page without a bundler, and with a query of its own that means nothing here. */
const tags = `<!doctype html>
<html lang="en">
<link rel="icon" href="data:,">
<title>Script tags only</title>
<script src="${hostedAt}"></script>`

export async function serveWorkerSite(): Promise<WorkerSite> {
  const site = { release: '', policy: '' }
  const library = pagesLibrary()
  const script = (c: Context, headers: Record<string, string> = {}) =>
    c.body(`${library.worker}\n${site.release}`, 200, {
      'Content-Type': 'text/javascript',
      ...headers,
    })
  const page = withHead(readFileSync(`${testPagesFolder}/service-worker.html`, 'utf8'), library.tags)
  const withPolicy = (policy: string) => (c: Context) => c.html(page, 200, { 'Content-Security-Policy': policy })

  const app = new Hono()
    .use(async (c, next) => {
      await next()
      c.header('Cache-Control', 'no-cache')
    })
    .get(hostedAt, c => script(c))
    .get('/deep/down/worker.js', c => script(c))
    .get('/allowed/worker.js', c => script(c, { 'Service-Worker-Allowed': '/' }))
    // As a server does that sends one policy with everything.
    .get('/strict.js', c => script(c, { 'Content-Security-Policy': site.policy }))
    .get('/html.js', c => c.html('<!doctype html><title>Not found, but with 200</title>'))
    .get('/failing.js', c => c.text('', 503))
    .get('/moved.js', c => c.redirect(hostedAt))
    .get('/broken.js', c => c.body('throw new Error("broken")', 200, { 'Content-Type': 'text/javascript' }))
    .get('/own.js', c => c.body(ownWorker, 200, { 'Content-Type': 'text/javascript' }))
    .get('/tags.html', c => c.html(tags))
    .get('/deep/down/page.html', c => c.html(page))
    .get('/trusted.html', withPolicy("require-trusted-types-for 'script'; trusted-types filerobot"))
    .get('/workerless.html', withPolicy("worker-src 'none'"))

  serveTestPages(app, library)
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(site, {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  })
}
