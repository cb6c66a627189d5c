import { chromiumArgs, ensureChromium } from '../../../scripts/chromium.mjs'
import type { Tab } from './browser.ts'
import { type Session, startSession } from './webdriver.ts'

/** Chromium by its own driver, with the commands of its developer tools besides. */
export async function startChromium(chromedriver: string, profile: string): Promise<Session> {
  const args = ['--headless=new', ...chromiumArgs, `--user-data-dir=${profile}`]
  const session = await startSession({
    engine: 'Chromium',
    command: chromedriver,
    args: port => [`--port=${port}`],
    capabilities: { 'goog:chromeOptions': { binary: ensureChromium(), args } },
  })
  const devTools = (tab: Tab, cmd: string, params: object) => tab.send('POST', '/goog/cdp/execute', { cmd, params })
  return {
    ...session,
    powers: {
      clearDatabases: async (tab, origin) =>
        void (await devTools(tab, 'Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })),
      limitStorage: async (tab, origin, quotaSize) =>
        void (await devTools(tab, 'Storage.overrideQuotaForOrigin', { origin, quotaSize })),
      freeze: async tab => void (await devTools(tab, 'Page.setWebLifecycleState', { state: 'frozen' })),
    },
  }
}
