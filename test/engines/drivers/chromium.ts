import { ensureChromium } from '../../../scripts/chromium.mjs'
import type { Tab } from './browser.ts'
import { type Session, startSession } from './webdriver.ts'

const ARGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
]

/** Chromium by its own driver, with the commands of its developer tools besides. */
export async function startChromium(chromedriver: string, profile: string): Promise<Session> {
  const session = await startSession(chromedriver, port => [`--port=${port}`], {
    'goog:chromeOptions': { binary: ensureChromium(), args: [...ARGS, `--user-data-dir=${profile}`] },
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
