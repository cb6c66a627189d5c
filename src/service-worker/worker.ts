import { CLAIM, readConfig } from './config.js'
import { createFetchHandler, type FetchEventLike } from './fetch-handler.js'
import { registerServiceWorker, serviceWorkerUrl } from './register.js'

// As `FilerobotAuthWorker`: for a worker of the site's own that takes this file by `importScripts`, and for a page that
// has it in a script tag.
export { createFetchHandler, registerServiceWorker, serviceWorkerUrl }

/** What is used here of a service worker's global scope and events. */
interface WorkerScope {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}
interface WorkerEvent extends FetchEventLike {
  readonly data: unknown
  waitUntil(task: Promise<unknown>): void
}

const scope = globalThis as unknown as WorkerScope
const listen = (type: string, listener: (event: WorkerEvent) => void) =>
  addEventListener(type, event => listener(event as unknown as WorkerEvent))

const url = new URL(location.href)
const isWorker = 'skipWaiting' in scope
// A page's own query may have parameters of the same names.
const options = isWorker && readConfig(url)
if (options) {
  const { handleFetch } = createFetchHandler(options)
  // A newer worker, or one with another configuration, takes over at once: keys and limits are in the database.
  listen('install', event => event.waitUntil(scope.skipWaiting()))
  listen('activate', event => event.waitUntil(scope.clients.claim()))
  listen('message', event => {
    // It throws while another worker is the active one.
    if (event.data === CLAIM) event.waitUntil(scope.clients.claim().catch(() => {}))
  })
  listen('fetch', handleFetch)
} else if (isWorker && url.pathname.endsWith('filerobot-widget-auth.service-worker.js')) {
  throw new Error('filerobot-widget-auth: this worker has no token in its URL; register it by registerServiceWorker')
}
