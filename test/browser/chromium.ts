import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { onTestFinished, TestRunner } from 'vitest'
import { chromiumArgs, ensureChromium } from '../../scripts/chromium.mjs'

/** How long Chromium may take to open or close a profile. A busy machine needs a second. */
const GRACE_MS = 15_000

/** A Chromium that every test finds in order: one that hangs, and one in which a test failed, is replaced. */
export interface TestBrowser {
  /** A profile of its own: nothing stored, nothing cached. At the end of the test it is closed, if it was not before. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>
  close(): Promise<void>
  /** The number of the browser's process. */
  pid(): number
}

interface Running {
  browser: Browser
  pid: number
}

/** Starts the system's Chromium, without a window. */
export async function launchBrowser({ graceMs = GRACE_MS } = {}): Promise<TestBrowser> {
  let current = await start()

  /** Whether it was done in time. Playwright would wait for ever, and each further test a minute for Vitest. */
  const isDoneInTime = async (what: string, { browser, pid }: Running, task: Promise<unknown>): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<false>(resolve => {
      timer = setTimeout(resolve, graceMs, false)
    })
    const done = task.then(() => true)
    if (await Promise.race([done, tooLate]).finally(() => clearTimeout(timer))) return true
    console.warn(`Chromium (process ${pid}) did not ${what} within ${graceMs} ms, and is killed.`)
    done.catch(() => {})
    const disconnected = new Promise(resolve => browser.once('disconnected', resolve))
    kill(pid)
    if (browser.isConnected()) await disconnected
    return false
  }
  const end = (running: Running) => isDoneInTime('end', running, running.browser.close())
  const replace = async (running: Running) => {
    // A test with two profiles replaces it once.
    if (running !== current) return
    await end(running)
    current = await start()
  }
  const openIn = async (running: Running, options?: BrowserContextOptions) => {
    const opened = running.browser.newContext(options)
    return (await isDoneInTime('open a profile', running, opened)) ? opened : undefined
  }

  return {
    async newContext(options) {
      if (!current.browser.isConnected()) await replace(current)
      const context = (await openIn(current, options)) ?? (await replace(current), await openIn(current, options))
      if (!context) throw new Error('Two Chromiums, one after the other, opened no profile.')
      const running = current
      const close = context.close.bind(context)
      context.close = async () => void (await isDoneInTime('close a profile', running, close()))
      if (TestRunner.getCurrentTest()) {
        onTestFinished(async ({ task }) => {
          await context.close()
          if (task.result?.state === 'fail') await replace(running)
        }, 4 * GRACE_MS)
      }
      return context
    },
    close: async () => void (await end(current)),
    pid: () => current.pid,
  }
}

async function start(): Promise<Running> {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: chromiumArgs,
  })
  // Asked for while it answers: Playwright does not tell it.
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return { browser, pid: processInfo.find(({ type }) => type === 'browser')!.id }
}

/** With all processes that it has started, where it leads a group. */
function kill(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
      return
    } catch {
      // There is no such group, or it has ended by itself.
    }
  }
}
