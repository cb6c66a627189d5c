import { type OpenPage, pageTimers } from './browser.ts'

/** What people paste: a `fetch`, a timer for the next key, and a shorter one where it has failed. */
export const byPastedCode: OpenPage = browser => {
  const { setTimeout, end } = pageTimers(browser)

  async function renew(): Promise<void> {
    try {
      const response = await browser.fetchKey()
      const { key } = (await response.json()) as { key?: string }
      if (!key) throw new Error('No key')
      browser.holds(key)
      setTimeout(() => void renew(), 19 * 60_000)
    } catch {
      setTimeout(() => void renew(), 30_000)
    }
  }

  void renew()
  return () => {
    end()
    browser.holds(undefined)
  }
}
