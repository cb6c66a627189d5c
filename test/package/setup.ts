import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
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

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What a clone does not have. */
const notCopied = new Set(['node_modules', 'dist', 'dist-demo', 'reports', '.git'])

/**
 * Once for all tests of the package: copies the project, as tests in a browser build into its `dist` at the same time,
 * packs the copy as for publishing, and installs the tarball in an app.
 */
export default function packAndInstall(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, 'project')
    cpSync(root, copy, { recursive: true, filter: path => !notCopied.has(path.slice(root.length)) })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
    // Its own `prepack` builds.
    const [packed] = JSON.parse(
      output('npm', ['pack', '--json', '--silent', '--foreground-scripts=false', '--pack-destination', folder], copy),
    ) as [{ filename: string; files: { path: string }[] }]
    output(process.execPath, ['scripts/bundle-entries.mjs'], copy)

    const appFolder = join(folder, 'app')
    mkdirSync(appFolder)
    writeFileSync(join(appFolder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }')
    output('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed.filename)], appFolder)

    project.provide('packed', { files: packed.files.map(({ path }) => path) })
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
  const sizeLimit = join(root, 'node_modules/size-limit/bin.js')
  return JSON.parse(spawnSync(process.execPath, [sizeLimit, '--json'], { cwd: folder, encoding: 'utf8' }).stdout)
}
