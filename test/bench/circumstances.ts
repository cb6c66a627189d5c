import { readFileSync } from 'node:fs'
import { cpus, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { version as bundler } from 'vite'
import type { Circumstances } from './results.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['@filerobot/core', '@firebase/app', '@firebase/app-check', '@auth0/auth0-spa-js']

const versionIn = (folder: string) =>
  (JSON.parse(readFileSync(`${root}${folder}package.json`, 'utf8')) as { version: string }).version

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? type()
  } catch {
    return type()
  }
}

/** The machine, the versions and the date of a run. */
export function circumstancesOf(browser: Browser): Circumstances {
  const processors = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return {
    machine: `${processors.length} × ${processors[0]?.model.trim() || 'processor'}, ${gigabytes} GB, ${systemName()}`,
    versions: [
      { name: 'filerobot-widget-auth', version: versionIn('') },
      { name: 'Chromium', version: browser.version() },
      { name: 'Node.js', version: process.versions.node },
      { name: 'Vite', version: bundler },
      ...PACKAGES.map(name => ({ name, version: versionIn(`node_modules/${name}/`) })),
    ],
    date: new Date().toISOString().slice(0, 10),
  }
}
