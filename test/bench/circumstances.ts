import type { Browser } from 'playwright-core'
import { version as bundler } from 'vite'
import { machineName, versionOf } from '../circumstances.ts'
import type { Circumstances } from './results.ts'

const PACKAGES = ['@filerobot/core', '@firebase/app', '@firebase/app-check', '@auth0/auth0-spa-js']

/** The machine, the versions and the date of a run. */
export function circumstancesOf(browser: Browser): Circumstances {
  return {
    machine: machineName(),
    versions: [
      { name: 'filerobot-widget-auth', version: versionOf('') },
      { name: 'Chromium', version: browser.version() },
      { name: 'Node.js', version: process.versions.node },
      { name: 'Vite', version: bundler },
      ...PACKAGES.map(name => ({ name, version: versionOf(name) })),
    ],
    date: new Date().toISOString().slice(0, 10),
  }
}
