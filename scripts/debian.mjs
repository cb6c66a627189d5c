// Installs packages where that can be done without asking: on Debian, as root.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

function isRootOnDebian() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release')) return false
  // Not on Ubuntu: its browsers' packages install snaps, which need a running snapd.
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** Non-interactively: nobody is there to answer. */
function aptGet(...args) {
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

/**
 * Tries to install Debian packages. Whether it worked is for the caller to see: what he needs is there, or not.
 *
 * @param {string[]} packages
 * @param {string} why for the log, as `'No Chromium here'`
 */
export function installOnDebian(packages, why) {
  if (!isRootOnDebian()) return
  console.log(`${why}: installing ${packages.join(', ')} by apt-get …`)
  aptGet('update', '-qq')
  aptGet('install', '-y', '-qq', '--no-install-recommends', ...packages)
}
