import { readFileSync } from 'node:fs'
import { cpus, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The version of an installed package, or of this one for `''`. */
export function versionOf(name: string): string {
  const folder = name && `node_modules/${name}/`
  return (JSON.parse(readFileSync(`${root}${folder}package.json`, 'utf8')) as { version: string }).version
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? type()
  } catch {
    return type()
  }
}

/** The machine that results were measured on. */
export function machineName(): string {
  const processors = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${processors.length} × ${processors[0]?.model.trim() || 'processor'}, ${gigabytes} GB, ${systemName()}`
}
