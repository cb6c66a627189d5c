import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type Emulator, type RunningEmulator, SEED, startEmulator } from '../../demo/emulator/index.ts'
import { type Build, buildTitle, engineTitle } from '../../scripts/engine-matrix.mjs'
import type { AuthOptions } from '../../src/index.ts'
import { type Library, readLibrary } from '../library.ts'
import { type Browser, openBrowser, type Tab } from './drivers/browser.ts'
import { until } from './drivers/wait.ts'
import { buildsIn, type Engine, engines } from './engines.ts'
import { call, type PageScripts, type Site, serveSite } from './site.ts'

/** Options that can be sent into a page, and that tests have a use for. */
type Options = Pick<AuthOptions, 'timeoutMs'>

/** What a test has: a running browser, the API, and an origin of its own. */
export interface Stage {
  engine: Engine
  /** What pages load. */
  library: Library
  browser: Browser
  api: Emulator
  /** Where the pages are: nothing is stored there when a test begins. */
  origin: string
  /** Opens a tab with the library and with `window.auth`. */
  open(options?: Options, scripts?: PageScripts, type?: 'tab' | 'window'): Promise<Tab>
  /**
   * Opens one of the pages with the widgets in a window of its own: what is hidden draws nothing.
   *
   * @param name `/test/NAME.html`
   * @param hands the global by which tests use the page
   */
  openBuilt(name: string, hands: string): Promise<Tab>
  /** The address of a page with the library. */
  url(options?: Options, scripts?: PageScripts): string
  /** Has so many tabs opened by a page, all at the same moment, which ask for a key as soon as they are loaded. */
  openAtOnce(count: number, scripts?: PageScripts): Promise<Tab[]>
  /** The origin of the API. */
  apiOrigin(): string
  /** The address of a call that needs a key. */
  filesUrl(): string
  /** How many key requests came so far, those among them that are not answered yet. */
  keyRequests(): number
}

function createAuth(options: Parameters<typeof window.lib.createAuth>[0]): void {
  window.auth = window.lib.createAuth(options)
}

/** Runs the same tests in every engine, each on one browser with one profile, and in it with one build or with both. */
export function inEachEngine(define: (stage: Stage) => void): void {
  describe.each(engines.map(engine => [engineTitle(engine.name), engine] as const))('%s', (_, engine) => {
    inEngine(engine, define)
  })
}

function inEngine(engine: Engine, define: (stage: Stage) => void): void {
  let browser: Browser | undefined
  let profile = ''
  beforeAll(async () => {
    if (engine.missing) {
      if (process.env.CI) throw new Error(`${engine.name}: ${engine.missing}`)
      return
    }
    profile = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-profile-'))
    browser = await openBrowser(await engine.start(profile))
  })
  afterAll(async () => {
    await browser?.close()
    if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  describe.each(buildsIn(engine).map(build => [buildTitle(build), build] as const))('%s', (_, build) => {
    const stage = { engine } as Stage
    beforeAll(() => {
      if (browser) stage.browser = browser
    })
    setStage(stage, build)
    define(stage)
  })
}

/** A site with one build of the library, and an API. */
function setStage(stage: Stage, build: Build): void {
  const { engine } = stage
  const tabs: Tab[] = []
  let site: Site | undefined
  let api: RunningEmulator | undefined

  beforeAll(async () => {
    if (engine.missing) return
    stage.library = readLibrary(build)
    site = await serveSite(stage.library)
    api = await startEmulator({ drawAtStart: false, nowMs: site.nowMs })
    stage.api = api.emulator
  })
  afterAll(async () => void (await Promise.all([site?.close(), api?.close()])))
  beforeEach(context => {
    if (engine.missing) context.skip(engine.missing)
    site!.resetClock()
    stage.api.reset()
    stage.origin = site!.newOrigin()
  })
  afterEach(async () => {
    site?.release()
    const left = tabs.splice(0)
    left.push(...((await stage.browser?.openedTabs()) ?? []))
    const errors: string[] = []
    for (const tab of left) {
      // A test may have closed it itself.
      errors.push(...(await tab.run(() => window.hands.errors).catch(() => [])))
      await tab.close().catch(() => {})
    }
    expect(errors).toEqual([])
  })

  stage.url = (options = {}, { before = [], after = [] } = {}) => {
    const all = { apiBase: api!.origin, token: SEED.token, templateId: SEED.templateId, ...options }
    return stage.origin + site!.path({ before, after: [call(createAuth, all), ...after] })
  }
  stage.open = async (options, scripts, type) => {
    const tab = await stage.browser.newTab(type)
    tabs.push(tab)
    await tab.goto(stage.url(options, scripts))
    return tab
  }
  stage.openBuilt = async (name, hands) => {
    const query = new URLSearchParams({ apiBase: api!.origin, token: SEED.token, template: SEED.templateId })
    const tab = await stage.browser.newTab('window')
    tabs.push(tab)
    await tab.goto(`${stage.origin}/test/${name}.html?${query}`)
    // WebKitGTK's driver may answer before the page's own script has run.
    await until(`window.${hands} of ${name}.html`, () => tab.run(hands => hands in window, hands))
    return tab
  }
  stage.openAtOnce = async (count, scripts = {}) => {
    const opener = await stage.open()
    const url = stage.url({}, { ...scripts, after: [call(() => void window.auth.getKey())] })
    const open = (url: string, count: number) => {
      for (let n = 0; n < count; n++) window.open(url, '_blank', 'noopener')
    }
    await opener.run(open, url, count)
    const opened: Tab[] = []
    await until(`${count} tabs`, async () => {
      opened.push(...(await stage.browser.openedTabs()))
      return opened.length === count
    })
    tabs.push(...opened)
    await Promise.all(opened.map(tab => tab.loaded()))
    return opened
  }
  stage.apiOrigin = () => api!.origin
  stage.filesUrl = () => `${api!.origin}/${SEED.token}/v4/files?folder=/inbox`
  stage.keyRequests = () => stage.api.counters.keyRequests
}

/** Runs in a page. */
export const keyIn = (tab: Tab) => tab.run(async () => (await window.auth.getKey()).value)
