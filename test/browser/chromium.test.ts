import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser, type TestBrowser } from './chromium.ts'

/** Long enough for one that works on a busy machine. */
const graceMs = 2000

let browser: TestBrowser
beforeAll(async () => {
  browser = await launchBrowser({ graceMs })
})
afterAll(() => browser?.close())

let said: string[]
afterEach(() => vi.restoreAllMocks())

/** Stops it in the middle of whatever it does, as one that hangs. */
const hang = (pid: number) => process.kill(-pid, 'SIGSTOP')
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const listen = () => {
  said = []
  vi.spyOn(console, 'warn').mockImplementation(line => said.push(String(line)))
}
/** A page that works. */
const answer = async () => {
  const page = await (await browser.newContext()).newPage()
  return page.evaluate(() => 6 * 7)
}

describe("the tests' Chromium, when it hangs,", () => {
  it('is killed when it does not close a profile in time, and the next page is in another one', async () => {
    listen()
    const context = await browser.newContext()
    const old = browser.pid()
    hang(old)
    await context.close()
    expect(said).toEqual([`Chromium (process ${old}) did not close a profile within ${graceMs} ms, and is killed.`])
    await expect.poll(() => isRunning(old)).toBe(false)
    expect(await answer()).toBe(42)
    expect(browser.pid()).not.toBe(old)
  })

  it('is killed when it does not open a profile in time, and the page is in another one', async () => {
    listen()
    const old = browser.pid()
    hang(old)
    expect(await answer()).toBe(42)
    expect(said).toEqual([`Chromium (process ${old}) did not open a profile within ${graceMs} ms, and is killed.`])
    await expect.poll(() => isRunning(old)).toBe(false)
  })

  it('is killed when it does not end in time', async () => {
    listen()
    const other = await launchBrowser({ graceMs })
    hang(other.pid())
    await other.close()
    expect(said).toEqual([`Chromium (process ${other.pid()}) did not end within ${graceMs} ms, and is killed.`])
    await expect.poll(() => isRunning(other.pid())).toBe(false)
  })
})

describe("the tests' Chromium, after a test in it has failed,", () => {
  let old = 0
  it.fails('as this one does', { retry: 0 }, async () => {
    await browser.newContext()
    old = browser.pid()
    expect(old).toBe(0)
  })

  it('is another one', async () => {
    expect(old).toBeGreaterThan(0)
    expect(browser.pid()).not.toBe(old)
    expect(isRunning(old)).toBe(false)
    expect(await answer()).toBe(42)
  })
})
