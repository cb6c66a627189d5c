import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packProject } from './pack.ts'
import { output } from './process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What `npm pack` says of the tarball that it made. */
    packed: { files: string[] }
    /** An app outside this repository in which the tarball is installed. */
    appFolder: string
    /** Size after minification and gzip by the name in `.size-limit.json`. */
    sizes: { name: string; size: number }[]
  }
}

/** Once for all tests of the package: packs the project, and installs the tarball in an app. */
export default function packAndInstall(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const { copy, tarball, files } = packProject(folder)
    output(process.execPath, ['scripts/bundle-entries.mjs'], copy)

    const appFolder = join(folder, 'app')
    mkdirSync(appFolder)
    writeFileSync(join(appFolder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }')
    output('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], appFolder)

    project.provide('packed', { files })
    project.provide('appFolder', appFolder)
    project.provide('sizes', sizesIn(copy))
  } catch (error) {
    remove()
    throw error
  }
  return remove
}

/** A budget that is exceeded fails elsewhere, in `npm run size`. */
function sizesIn(folder: string): { name: string; size: number }[] {
  const sizeLimit = join(folder, 'node_modules/size-limit/bin.js')
  return JSON.parse(spawnSync(process.execPath, [sizeLimit, '--json'], { cwd: folder, encoding: 'utf8' }).stdout)
}
