import { findEngines } from '../../scripts/engines.mjs'
import { startChromium } from './drivers/chromium.ts'
import { startFirefox } from './drivers/firefox.ts'
import type { Session } from './drivers/webdriver.ts'
import { startWebKit } from './drivers/webkit.ts'

/** A browser engine that tests run in. */
export interface Engine {
  name: 'Chromium' | 'Firefox' | 'WebKitGTK'
  /** Why it cannot be started here; `''` where it can. */
  missing: string
  /** @param profile an empty folder */
  start(profile: string): Promise<Session>
}

const { Chromium, Firefox, WebKitGTK } = findEngines()

function missing(programs: Record<string, string | undefined>): string {
  const names = Object.keys(programs).filter(name => !programs[name])
  return names.length > 0 ? `not on this machine: ${names.join(', ')}` : ''
}

export const engines: Engine[] = [
  {
    name: 'Chromium',
    missing: missing(Chromium),
    start: profile => startChromium(Chromium.chromedriver!, profile),
  },
  { name: 'Firefox', missing: missing(Firefox), start: profile => startFirefox(Firefox.firefox!, profile) },
  {
    name: 'WebKitGTK',
    missing: missing(WebKitGTK),
    start: profile => startWebKit(WebKitGTK as Record<keyof typeof WebKitGTK, string>, profile),
  },
]
