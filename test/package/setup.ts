import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { buildOnce, tarball } from '../built.ts'
import { output } from './process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tarball holds. */
    packed: { files: string[] }
    /** An app outside this repository in which the tarball is installed. */
    appFolder: string
    /** Size after minification and gzip by the name in `.size-limit.json`. */
    sizes: { name: string; size: number }[]
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Once for all tests of the package: installs its tarball in an app. */
export default function installInApp(project: TestProject): () => void {
  buildOnce()
  const appFolder = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-'))
  const remove = () => rmSync(appFolder, { recursive: true, force: true })
  try {
    writeFileSync(join(appFolder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }')
    output('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], appFolder)
    project.provide('packed', { files: filesIn(join(appFolder, 'node_modules/filerobot-widget-auth')) })
    project.provide('appFolder', appFolder)
    project.provide('sizes', sizes())
  } catch (error) {
    remove()
    throw error
  }
  return remove
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => statSync(join(folder, path)).isFile())
    .map(path => path.replaceAll(sep, '/'))

/** A budget that is exceeded fails elsewhere, in `npm run size`. */
function sizes(): { name: string; size: number }[] {
  const sizeLimit = join(root, 'node_modules/size-limit/bin.js')
  return JSON.parse(spawnSync(process.execPath, [sizeLimit, '--json'], { cwd: root, encoding: 'utf8' }).stdout)
}
