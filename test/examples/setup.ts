import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { buildOnce, tarball } from '../built.ts'
import { output } from '../package/process.ts'
import { writeFreshApps } from './fresh-apps.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A copy of this repository, built, with what its development needs. */
    projectCopy: string
    /** All examples and fresh apps, each in a folder of its name, outside of this repository. */
    appsFolder: string
  }
}

const library = 'filerobot-widget-auth'
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const root = here('../../')

/**
 * Once for all tests of examples: copies the examples to where nothing of this repository is, and installs them with the
 * packed library. It is one installation for all, as Vite comes in four of them.
 */
export default async function installExamples(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-examples-'))
  // Thousands of files, and the runner has to go on meanwhile.
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    buildOnce()
    const copy = join(folder, 'project')
    copyWithout(['node_modules', 'dist-demo', 'reports', '.git', '.next'], root, copy)
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
    const appsFolder = join(folder, 'apps')
    mkdirSync(appsFolder)
    copyWithout(['node_modules', 'dist', '.next'], join(root, 'examples'), appsFolder)
    writeFreshApps(appsFolder)
    install(appsFolder, tarball)
    project.provide('projectCopy', copy)
    project.provide('appsFolder', appsFolder)
  } catch (error) {
    await remove()
    throw error
  }
  return remove
}

/** With the times of changes: by them it is seen whether what is built is of these sources. */
function copyWithout(names: string[], from: string, to: string): void {
  const filter = (path: string) => path === from || !names.includes(basename(path))
  cpSync(from, to, { recursive: true, preserveTimestamps: true, filter })
}

/** The versions of everything else. Written where there is none: remove it when an example's dependencies change. */
const lockFile = here('package-lock.json')

function install(appsFolder: string, tarball: string): void {
  const apps = { name: 'apps', private: true, workspaces: ['*'], dependencies: { [library]: `file:${tarball}` } }
  writeFileSync(join(appsFolder, 'package.json'), JSON.stringify(apps))
  const lock = join(appsFolder, 'package-lock.json')
  if (existsSync(lockFile)) copyFileSync(lockFile, lock)
  // 300 MB, most of it Next.
  output('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], appsFolder, 300_000)
  if (existsSync(lockFile)) return
  const { packages, ...rest } = JSON.parse(readFileSync(lock, 'utf8'))
  // Another one at each build.
  delete packages[`node_modules/${library}`]
  delete packages[''].dependencies
  writeFileSync(lockFile, `${JSON.stringify({ ...rest, packages }, null, 2)}\n`)
}
