import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, posix } from 'node:path'
import { type Library, testPagesFolder, withHead } from '../library.ts'
import { installHands } from './page/hands.ts'

/** What runs in a page besides the library, as text: see `call`. */
export interface PageScripts {
  /** Before the library is loaded: takes something away from the browser, for example. */
  before?: string[]
  /** As soon as it is loaded, in `window.lib`. */
  after?: string[]
}

/** The text of a call of a function, which sees its arguments and the page, and nothing else. */
export const call = <A extends unknown[]>(task: (...args: A) => unknown, ...args: A) =>
  `;(${String(task)})(...${JSON.stringify(args)})`

/** Serves pages with the library. Every name under `localhost` is an origin of its own, with nothing stored. */
export interface Site {
  /** An origin that was not used yet. */
  newOrigin(): string
  /** The path of a page; the same scripts have the same. */
  path(scripts?: PageScripts): string
  /** Answers everybody who asked for `/held`. */
  release(): void
  /** What a page in simulated time has said that it is; until one says something, the time of this machine. */
  nowMs(): number
  /** Back to the time of this machine. */
  resetClock(): void
  close(): Promise<void>
}

const mimeTypes: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

function html({ before = [], after = [] }: PageScripts, { tags }: Library): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>A page with the library</title>
<script>${[call(installHands), ...before].join('\n')}</script>
${tags}
<script type="module">
import * as lib from '/library/index.js'
window.lib = lib
${after.join('\n')}
</script>
</html>`
}

/** The pages with the widgets, which are built beforehand, and what they load; they too have hands. */
async function answerFromTestPages(path: string, library: Library, response: ServerResponse): Promise<void> {
  try {
    const file = await readFile(join(testPagesFolder, posix.normalize(`/${path}`)))
    const type = mimeTypes[extname(path)] ?? 'application/octet-stream'
    const head = `<script>${call(installHands)}</script>${library.tags}`
    response.setHeader('Content-Type', type).end(type === 'text/html' ? withHead(String(file), head) : file)
  } catch {
    response.writeHead(404).end()
  }
}

/** Over all sites: a port may be given to a second one. */
let originCount = 0

/** Serves pages that load this build of the library. */
export async function serveSite(library: Library): Promise<Site> {
  const pages: string[] = []
  let simulatedNowMs: number | undefined
  let held: ServerResponse[] = []

  const answers: Record<string, (response: ServerResponse, body: string) => unknown> = {
    '/empty': response => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Empty</title>'),
    '/held': response => held.push(response),
    '/clock'(response, body) {
      simulatedNowMs = Number(body)
      response.end()
    },
  }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const part of request) body += String(part)
    const [path = ''] = (request.url ?? '').split('?')
    const page = pages[Number(path.slice('/page/'.length))]
    const code = path.startsWith('/library/') && library.files.get(path.slice('/library/'.length))
    // Without `no-store`, which would keep pages out of the back/forward cache.
    if (answers[path]) answers[path](response, body)
    else if (code) {
      // For a sandboxed frame, which has no origin.
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Content-Type', 'text/javascript').end(code)
    } else if (path.startsWith('/test/')) await answerFromTestPages(path.slice('/test/'.length), library, response)
    else if (page) response.setHeader('Content-Type', 'text/html').end(page)
    else response.writeHead(404).end()
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    newOrigin: () => `http://test-${++originCount}.localhost:${port}`,
    path(scripts = {}) {
      const page = html(scripts, library)
      if (!pages.includes(page)) pages.push(page)
      return `/page/${pages.indexOf(page)}`
    },
    release() {
      for (const response of held) response.end()
      held = []
    },
    nowMs: () => simulatedNowMs ?? Date.now(),
    resetClock() {
      simulatedNowMs = undefined
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
