// Finds the Chromium that the tests drive, and says how it is started; on Debian, as root, installs it where there is none.
import { existsSync } from 'node:fs'
import { installOnDebian } from './debian.mjs'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

// A font besides: without one, text has no width and buttons cannot be clicked.
const debianPackages = ['chromium', 'fonts-liberation']

/** See `chromium.d.mts`. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
]

const find = () => usualPlaces.find(place => existsSync(place))

/**
 * The path of a Chromium or Chrome on this machine.
 *
 * @throws {Error} that says what to install and how to name it
 */
export function ensureChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file.`)
  }
  const found = find()
  if (found) return found
  installOnDebian(debianPackages, 'No Chromium here')
  const installed = find()
  if (installed) return installed
  throw new Error(
    'The tests need Chromium or Chrome, and none was found. Install it (Debian: apt-get install chromium; ' +
      'macOS: brew install --cask google-chrome), or set CHROMIUM_PATH to its executable.',
  )
}
