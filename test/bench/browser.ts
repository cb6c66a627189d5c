import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { chromiumArgs, ensureChromium } from '../../scripts/chromium.mjs'

/** The system's Chromium, without a window, which reaches this machine and nothing else. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: ensureChromium(), args: chromiumArgs })

/** Runs `task` in a profile of its own, with a page in it, and closes it. An error that no script caught fails it. */
export async function inNewProfile<T>(browser: Browser, task: (page: Page, profile: BrowserContext) => Promise<T>) {
  const profile = await browser.newContext()
  const errors: unknown[] = []
  profile.on('weberror', error => errors.push(error.error()))
  try {
    return await task(await profile.newPage(), profile)
  } catch (error) {
    throw errors.length > 0
      ? new Error(`${String(error)}, after in the page: ${String(errors[0])}`, { cause: error })
      : error
  } finally {
    await profile.close()
  }
}

/** Loads a page and waits for its script, which sets `window[hands]`. */
export async function openPage(page: Page, url: string, hands: string): Promise<void> {
  await page.goto(url)
  await page.waitForFunction(hands => hands in window, hands, { timeout: 30_000 })
}
