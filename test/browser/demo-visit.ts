import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Demo, startDemo } from '../../demo/server.ts'
import { launchBrowser, newPage, type TestBrowser, type Watch } from './harness.ts'

const DEADLINE_MS = 15_000

/** The demo in a browser, a new one for each test, and short ways to use the page as a visitor would. */
export function visitDemo() {
  let browser: TestBrowser
  let demo: Demo
  let page: Page
  let seen: Watch
  let closePage: () => Promise<void>

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    demo = await startDemo({ pagePort: 0, apiPort: 0, quiet: true })
    const opened = await newPage(browser)
    ;({ page, seen } = opened)
    closePage = opened.close
    page.setDefaultTimeout(DEADLINE_MS)
  })
  afterEach(async () => {
    await closePage()
    await demo.close()
  })

  const visit = {
    get demo() {
      return demo
    },
    get page() {
      return page
    },
    get seen() {
      return seen
    },
    keyRequests: () => demo.emulator.log.filter(({ kind }) => kind === 'key').length,
    shows: (selector: string, text: string | RegExp) =>
      page.locator(selector).filter({ hasText: text }).first().waitFor(),
    press: (name: string) => page.getByRole('button', { name }).click(),
    /** Makes trouble, and waits until the emulator is in it. */
    async chooseTrouble(label: string, about: string) {
      await page.getByRole('radio', { name: label }).check()
      await visit.shows('.trouble-about', about)
    },
    async openDemo() {
      await page.goto(demo.pageOrigin)
      await visit.shows('.status', 'Ready')
    },
    /** Without a key in memory or storage, the page has to ask for one. */
    async signOutAndAsk() {
      await visit.press('Sign out')
      await visit.shows('.status', 'Idle')
      await visit.press('Get the key')
    },
  }
  return visit
}
