// Finds what the tests in several browsers' engines drive; on Debian, as root, installs what is absent.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installOnDebian } from './debian.mjs'

const debianPackages = {
  Chromium: ['chromium-driver'],
  Firefox: ['firefox-esr'],
  WebKitGTK: ['webkit2gtk-driver', 'xvfb', 'gir1.2-webkit2-4.1', 'python3-gi'],
}

/** The first that exists: a path, or a program's name that is looked for in PATH. */
function find(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names
    .flatMap(name => (name.includes('/') ? [name] : folders.map(folder => join(folder, name))))
    .find(path => existsSync(path))
}

/** Debian's own Python, which has the library's bindings if they are installed; another one in PATH has not. */
function findPythonWithWebKit() {
  const python = find('/usr/bin/python3')
  const script = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"
  return python && spawnSync(python, ['-c', script]).status === 0 ? python : undefined
}

/** The programs that each engine needs, by name; `undefined` where one is not there. Chromium itself is in `chromium.mjs`. */
export function findEngines() {
  return {
    Chromium: { chromedriver: find(process.env.CHROMEDRIVER_PATH || 'chromedriver') },
    Firefox: {
      firefox: find(
        ...(process.env.FIREFOX_PATH
          ? [process.env.FIREFOX_PATH]
          : ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox']),
      ),
    },
    WebKitGTK: { driver: find('WebKitWebDriver'), xvfb: find('Xvfb'), python: findPythonWithWebKit() },
  }
}

const isAbsent = programs => Object.values(programs).includes(undefined)

/** Installs what is absent, where that can be done. */
export function installEngines() {
  const absent = Object.entries(findEngines()).filter(([, programs]) => isAbsent(programs))
  const packages = absent.flatMap(([name]) => debianPackages[name])
  if (packages.length > 0) installOnDebian(packages, `Not here: what drives ${absent.map(([name]) => name).join(', ')}`)
}
