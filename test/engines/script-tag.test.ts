import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SEED } from '../../demo/emulator/index.ts'
import type { FilerobotAuthGlobal } from '../../src/global.ts'
import type { Tab } from './drivers/browser.ts'
import { until } from './drivers/wait.ts'
import { inEachEngine, type Stage } from './harness.ts'
import type * as counterApp from './page/counter-app.ts'
import { call } from './site.ts'

/** What a page says of itself in its title: under its policy no driver can run anything in it. */
interface Report {
  status?: number
  fileCount?: number
  pictureWidth?: number
  counts?: string[]
  /** What the page has in its global object that it did not have before. */
  newGlobals?: string[]
  violations: string[]
  error?: string
}

/** What a page's own script does: with the key of its tag, and with what it saw of its policy. */
type Task = (
  api: FilerobotAuthGlobal,
  page: { filesUrl: string; pictureUrl: string; narrowTemplateId: string },
) => Promise<Omit<Report, 'violations'>>

/** An app of the page's own, as `counterApp`; built once for all engines. */
let appCode: Promise<string> | undefined
async function buildApp(): Promise<string> {
  const entry = fileURLToPath(new URL('page/counter-app.ts', import.meta.url))
  const bundles = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { write: false, lib: { entry, formats: ['iife'], name: 'counterApp' } },
  })
  return (bundles as Rolldown.RolldownOutput[])[0]!.output[0].code
}

/** The script of a page: a file, since the policy allows none in the page. */
const pageScript = (task: Task, page: Parameters<Task>[1]) =>
  call((page: unknown) => {
    const before = new Set(Object.getOwnPropertyNames(window))
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    )
    const run = async (api: FilerobotAuthGlobal) => {
      let report: object
      try {
        const newGlobals = Object.getOwnPropertyNames(window).filter(name => !before.has(name))
        report = { newGlobals, ...(await (window as unknown as { task: Task }).task(api, page as never)) }
      } catch (error) {
        report = { error: String(error) }
      }
      document.title = JSON.stringify({ ...report, violations })
    }
    const waiting = window as unknown as { FilerobotAuth: ((api: FilerobotAuthGlobal) => unknown)[] }
    ;(waiting.FilerobotAuth ||= []).push(run)
    before.add('task').add('FilerobotAuth')
  }, page) + `\nwindow.task = ${String(task)}`

const useKey: Task = async ({ auth }, { filesUrl, pictureUrl }) => {
  const response = await auth!.fetch(filesUrl)
  const { files } = (await response.json()) as { files: unknown[] }
  const picture = new Image()
  picture.src = URL.createObjectURL(await (await auth!.fetch(pictureUrl)).blob())
  document.body.append(picture)
  await picture.decode()
  return { status: response.status, fileCount: files.length, pictureWidth: picture.naturalWidth }
}
/** Tells the server that it is prerendered, and when it has the key that it waits for. */
const tellOfPrerendering: Task = async api => {
  const tell = (body: string) => fetch('/', { method: 'POST', body })
  if ((document as { prerendering?: boolean }).prerendering) await tell('prerendered')
  await api.ready
  await tell('has a key')
  return {}
}
/** Clicks in the app before the key is there and after it. */
const useApp: Task = async ({ auth }, { filesUrl }) => {
  const { clickedCount } = (window as unknown as { counterApp: typeof counterApp }).counterApp
  const before = await clickedCount()
  const { status } = await auth!.fetch(filesUrl)
  return { status, counts: [before, await clickedCount()] }
}
/** What the policy forbids: that it is seen shows that nothing else is overlooked. */
const offend: Task = async () => {
  const script = document.createElement('script')
  script.append('window.hasOffended = true')
  document.body.append(script)
  await new Promise(resolve => setTimeout(resolve))
  return {}
}
const useBoth: Task = async ({ auth, get }, { filesUrl, narrowTemplateId }) => {
  // The queue is called when the first tag was read; the second may not even be in the document yet.
  while (!get(narrowTemplateId)) await new Promise(resolve => setTimeout(resolve))
  const answers = await Promise.all([auth!, get(narrowTemplateId)!].map(auth => auth.fetch(filesUrl)))
  return { status: answers.filter(({ ok }) => ok).length }
}

inEachEngine((stage: Stage) => {
  let server: ReturnType<typeof createServer> | undefined
  let app = ''
  let pageCount = 0
  /** What was sent to the server: by browsers of their own accord, to the address in the policy, and by pages. */
  let reported: string[] = []
  const pages = new Map<string, { html: string; script: string; isStrict: boolean }>()
  const tabs: Tab[] = []

  beforeAll(async () => {
    if (stage.engine.missing) return
    app = await (appCode ??= buildApp())
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const [, name = '', part] = (request.url ?? '').split('/')
      const page = pages.get(name)
      const api = new URL(stage.filesUrl()).origin
      if (request.method === 'POST') {
        let body = ''
        for await (const data of request) body += String(data)
        reported.push(body)
        response.end()
      } else if (part) {
        const code = { 'library.js': stage.library.scriptTag, 'app.js': app, 'page.js': page?.script }[part]
        response.setHeader('Content-Type', 'text/javascript').end(code)
      } else if (page) {
        const policy =
          `default-src 'none'; script-src 'self'; connect-src ${api}; img-src ${api} blob:; ` +
          "require-trusted-types-for 'script'; trusted-types 'none'; report-uri /reports"
        if (page.isStrict) response.setHeader('Content-Security-Policy', policy)
        response.setHeader('Content-Type', 'text/html').end(page.html)
      } else response.writeHead(404).end()
    }
    server = createServer((request, response) => void answer(request, response))
    await new Promise<void>(resolve => server!.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server?.close()
    server?.closeAllConnections()
  })
  afterEach(async () => {
    // A page that was prerendered comes in a tab of its own, and the one that led to it is gone.
    for (const tab of tabs.splice(0)) await tab.close().catch(() => {})
    reported = []
  })

  /** Adds a page with these tags, in an origin where nothing is stored; returns its address. */
  const addPage = (task: Task, tags: { form?: string; template?: string }[], isStrict = true): string => {
    const filesUrl = stage.filesUrl()
    const { origin: api } = new URL(filesUrl)
    const name = `page-${++pageCount}`
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
      <link rel="icon" href="${api}/favicon.ico">
      <body><img name="currentScript" alt=""><script src="page.js"></script>${task === useApp ? '<script src="app.js"></script>' : ''}
      ${tags
        .map(
          ({ form = '', template = SEED.templateId }) =>
            `<script src="library.js" ${form} data-token="${SEED.token}" data-template="${template}" data-api-base="${api}"></script>`,
        )
        .join('\n')}`
    const pictureUrl = `${api}/cdn/${SEED.token}/photos/night-ridge.png`
    const script = pageScript(task, { filesUrl, pictureUrl, narrowTemplateId: SEED.narrowTemplateId })
    pages.set(name, { html, script, isStrict })
    return `http://${name}.localhost:${(server!.address() as AddressInfo).port}/${name}/`
  }
  const open = async (url: string): Promise<Tab> => {
    const tab = await stage.browser.newTab()
    tabs.push(tab)
    await tab.goto(url)
    return tab
  }
  const reportOf = async (tab: Tab): Promise<Report> => {
    const title = await until('what the page says of itself', async () => {
      const title = String(await tab.send('GET', '/title'))
      return title.startsWith('{') && title
    })
    return JSON.parse(title) as Report
  }
  const visit = async (task: Task, ...tags: { form?: string; template?: string }[]) =>
    reportOf(await open(addPage(task, tags)))

  describe('a script tag in a page with a strict policy and trusted types', () => {
    it.each(['async', 'defer', '', 'type="module"'])(
      'in the form "%s" gets a key and signs, violates nothing, and leaves one global',
      async form => {
        const report = await visit(useKey, { form })
        expect(report).toEqual({
          status: 200,
          fileCount: expect.any(Number),
          pictureWidth: expect.any(Number),
          newGlobals: [],
          violations: [],
        })
        expect(report.pictureWidth).toBeGreaterThan(100)
        expect(stage.keyRequests()).toBe(1)
        expect(reported).toEqual([])
      },
    )

    it('is seen to violate it where something does', async () => {
      const { violations } = await visit(offend, { form: 'async' })
      expect(violations.join()).toContain('trusted-types')
      await until('the report of the browser', () => reported.length)
    })
  })

  describe('a page that has another Preact and signals', () => {
    it('goes on to work', async () => {
      expect(await visit(useApp, { form: 'async' })).toMatchObject({ status: 200, counts: ['1', '2'], violations: [] })
    })
  })

  describe('two script tags of two templates', () => {
    it.each(['', 'async', 'type="module"', 'type="module" async'])(
      'of the form "%s" have a key each, though they name the same file',
      async form => {
        const report = await visit(useBoth, { form }, { form, template: SEED.narrowTemplateId })
        expect(report).toEqual({ status: 2, newGlobals: [], violations: [] })
        expect(stage.keyRequests()).toBe(2)
      },
    )
  })

  describe('a script tag in a prerendered page', () => {
    it('asks for its key when the page is shown', async context => {
      if (stage.engine.name !== 'Chromium') context.skip(`${stage.engine.name} does not prerender pages`)
      const url = addPage(tellOfPrerendering, [{ form: 'async' }], false)
      pages.set('opener', {
        html: `<!doctype html><html lang="en"><title>An opener</title><a href="${url}">A page</a>
          <script type="speculationrules">{ "prerender": [{ "urls": ["${url}"], "eagerness": "immediate" }] }</script>`,
        script: '',
        isStrict: false,
      })
      const tab = await open(new URL('/opener/', url).href)
      await until('the prerendered page', () => reported.includes('prerendered'))
      expect(stage.keyRequests()).toBe(0)
      await tab.send('POST', '/execute/sync', { script: 'document.querySelector("a").click()', args: [] })
      await until('the key of the page that is shown', () => reported.includes('has a key'))
      expect(stage.keyRequests()).toBe(1)
    })
  })
})
