import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Build } from '../scripts/engine-matrix.mjs'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const dist = folder('../dist/')

/** Where the pages for tests are: not in a folder that a build of something else empties. */
export const testPagesFolder = folder('../node_modules/.cache/test-pages')

/** Where `scripts/build-library.mjs` puts the modules, bundled and not minified. */
const modulesFolder = folder('../node_modules/.cache/test-library/')

const scriptTag = 'filerobot-widget-auth.global.js'
const serviceWorker = 'filerobot-widget-auth.service-worker.js'

/** Modules with the names of the published ones, that hand on what the two minified files have made global. */
const handedOn = {
  'index.js': ['FilerobotAuth', 'AuthError', 'createAuth', 'decodeAccessKey', 'isAuthError'],
  'widgets.js': ['FilerobotAuth', 'connectImageEditor', 'connectSpin', 'connectUploader', 'uploaderHeaders'],
  'service-worker.js': ['FilerobotAuthWorker', 'createFetchHandler', 'registerServiceWorker', 'serviceWorkerUrl'],
} as const

/** The library as pages load it: what `/library/…` is answered with, and what goes before everything else. */
export interface Library {
  build: Build
  /** Code of files below `/library/`, by name: `index.js`, `widgets.js`, `service-worker.js`, and what they import. */
  files: Map<string, string>
  /** Tags for the head of a page; none where modules are all. */
  tags: string
  /** The classic script for a script tag. */
  scriptTag: string
  /** The service worker's file. */
  worker: string
}

/** Reads what was built before the tests. */
export function readLibrary(build: Build): Library {
  const read = (path: string) => readFileSync(path, 'utf8')
  if (build === 'modules') {
    const files = new Map(readdirSync(modulesFolder).map(name => [name, read(modulesFolder + name)]))
    return { build, files, tags: '', scriptTag: files.get(scriptTag)!, worker: files.get(serviceWorker)! }
  }
  const published = { scriptTag: read(dist + scriptTag), worker: read(dist + serviceWorker) }
  const modules = Object.entries(handedOn).map(
    ([name, [from, ...names]]) => [name, `export const { ${names.join(', ')} } = globalThis.${from}`] as const,
  )
  return {
    build,
    files: new Map([...modules, [scriptTag, published.scriptTag], [serviceWorker, published.worker]]),
    tags: [scriptTag, serviceWorker].map(name => `<script src="/library/${name}"></script>`).join(''),
    ...published,
  }
}

/** A built page with more at the beginning of its head. */
export const withHead = (html: string, more: string) => html.replace('<head>', () => `<head>${more}`)
