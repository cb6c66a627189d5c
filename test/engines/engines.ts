import { type Build, builds, type EngineName } from '../../scripts/engine-matrix.mjs'
import { findEngines } from '../../scripts/engines.mjs'
import { startChromium } from './drivers/chromium.ts'
import { startFirefox } from './drivers/firefox.ts'
import type { Session } from './drivers/webdriver.ts'
import { startWebKit } from './drivers/webkit.ts'

/** A browser engine that tests run in. */
export interface Engine {
  name: EngineName
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

const all: Engine[] = [
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

const { TEST_ENGINE, TEST_BUILD } = process.env

/** The engines that tests run in: all, or the one that was asked for. */
export const engines = all.filter(({ name }) => !TEST_ENGINE || name === TEST_ENGINE)

/**
 * The builds of the library that tests run with: the one that was asked for; else the modules in Chromium, whose other
 * tests (`test/browser`) load the minified files, and what visitors are served in the others.
 */
export const buildsIn = ({ name }: Engine): Build[] =>
  builds.filter(build => build === (TEST_BUILD || (name === 'Chromium' ? 'modules' : 'minified')))
