import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { chromiumArgs, ensureChromium } from '../../scripts/chromium.mjs'

/** A page of the profile, and the wire to it. */
export interface ProfilePage {
  page: Page
  devTools: CDPSession
}

/** A Chromium with a profile on disk that outlives it. */
export class Profile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-soak-'))
  readonly #onError: (text: string) => void
  #context: BrowserContext | undefined
  browserVersion = ''
  #pid = 0

  /** @param onError is told of errors that nobody caught, and of rejections that nobody handled */
  constructor(onError: (text: string) => void) {
    this.#onError = onError
  }

  async start(): Promise<void> {
    const context = await chromium.launchPersistentContext(this.#folder, {
      executablePath: ensureChromium(),
      args: chromiumArgs,
      timeout: 120_000,
    })
    context.setDefaultTimeout(120_000)
    context.on('weberror', error => this.#onError(error.error().stack ?? String(error.error())))
    const browser = context.browser()!
    this.browserVersion = browser.version()
    const wire = await browser.newBrowserCDPSession()
    const { processInfo } = await wire.send('SystemInfo.getProcessInfo')
    this.#pid = processInfo.find(({ type }) => type === 'browser')!.id
    this.#context = context
  }

  async open(url: string): Promise<ProfilePage> {
    const page = await this.#context!.newPage()
    await page.goto(url)
    return { page, devTools: await this.#context!.newCDPSession(page) }
  }

  async setOffline(isOffline: boolean): Promise<void> {
    await this.#context!.setOffline(isOffline)
  }

  /** Ends the browser as a crash does. What it has stored stays. */
  async kill(): Promise<void> {
    const context = this.#context!
    const closed = new Promise<void>(resolve => context.on('close', () => resolve()))
    process.kill(this.#pid, 'SIGKILL')
    await closed
    this.#context = undefined
  }

  async close(): Promise<void> {
    await this.#context?.close()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
