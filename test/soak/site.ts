import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TabOptions } from './page/tab.ts'

export interface TabSite {
  /** The address of a tab's page. */
  url(tabNumber: number): string
  close(): Promise<void>
}

/**
 * Serves the page of every tab, all from one origin.
 *
 * @param script what {@link bundleTab} made
 * @param optionsOf what a page is told before its script runs, as of the moment when it is loaded
 */
export async function serveTabs(script: string, optionsOf: (tabNumber: number) => TabOptions): Promise<TabSite> {
  const server = createServer((request, response) => {
    const [, tabNumber] = /^\/tab\/(\d+)$/.exec(request.url ?? '') ?? []
    if (tabNumber) {
      const options = JSON.stringify(optionsOf(Number(tabNumber)))
      response.setHeader('Content-Type', 'text/html').end(
        `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Tab</title>
<script>window.soakOptions = ${options}</script><script src="/tab.js"></script></html>`,
      )
    } else if (request.url === '/tab.js') {
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8').end(script)
    } else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: tabNumber => `http://soak.localhost:${port}/tab/${tabNumber}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
