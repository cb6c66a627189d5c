import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectMarionette, type Marionette } from './marionette.ts'
import { startProgram } from './program.ts'
import { until } from './wait.ts'
import { GRACE_MS, type Session } from './webdriver.ts'

/** Nothing is fetched from the vendor, nothing is asked of the visitor, and pages may open tabs. */
const PREFERENCES = {
  'marionette.port': 0,
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.search.update': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage': 'about:blank',
  'browser.startup.page': 0,
  'browser.tabs.warnOnClose': false,
  'browser.topsites.contile.enabled': false,
  'browser.warnOnQuit': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.disable_open_during_load': false,
  'dom.max_script_run_time': 0,
  'dom.quotaManager.testing': true,
  'dom.popup_maximum': -1,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'startup.homepage_welcome_url': '',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': 'https://localhost:1/',
}

/** Firefox by the protocol that it speaks itself. */
export async function startFirefox(firefox: string, profile: string): Promise<Session> {
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`)
  writeFileSync(join(profile, 'user.js'), lines.join(''))
  const args = ['--marionette', '--remote-allow-system-access', '--headless', '--no-remote', '--profile', profile]
  const program = startProgram(firefox, args, { MOZ_CRASHREPORTER_DISABLE: '1' })
  try {
    const portFile = join(profile, 'MarionetteActivePort')
    const port = await until('the port that Firefox listens on', () => {
      if (!program.isRunning()) throw new Error(`Firefox ended: ${program.output()}`)
      return existsSync(portFile) && Number(readFileSync(portFile, 'utf8'))
    })
    const { send, command, close } = await connectMarionette(port)
    return {
      send,
      async end() {
        const ended = new Promise(resolve => program.child.once('exit', resolve))
        await command('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => {})
        await Promise.race([ended, delay(GRACE_MS, undefined, { ref: false })])
        close()
        program.stop()
      },
      powers: {
        clearDatabases: (_, origin) => inBrowser(command, CLEAR_STORAGE, origin),
        // For all origins, and in whole kilobytes; -1 is no limit of ours.
        limitStorage: (_tab, _origin, quotaBytes = -1024) => inBrowser(command, LIMIT_STORAGE, quotaBytes / 1024),
      },
    }
  } catch (error) {
    program.stop()
    throw error
  }
}

/** Runs a script in the browser itself, not in a page. */
async function inBrowser(command: Marionette['command'], script: string, ...args: unknown[]): Promise<void> {
  await command('Marionette:SetContext', { value: 'chrome' })
  await command('WebDriver:ExecuteAsyncScript', { script, args })
  await command('Marionette:SetContext', { value: 'content' })
}

const CLEAR_STORAGE = `
  const [origin, done] = arguments
  const principal = Services.scriptSecurityManager.createContentPrincipalFromOrigin(origin)
  Services.qms.clearStoragesForPrincipal(principal).callback = () => done()`

const LIMIT_STORAGE = `
  const [kilobytes, done] = arguments
  Services.prefs.setIntPref('dom.quotaManager.temporaryStorage.fixedLimit', kilobytes)
  Services.qms.reset().callback = () => done()`
