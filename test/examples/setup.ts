import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { packProject } from '../package/pack.ts'
import { output } from '../package/process.ts'
import { writeFreshApps } from './fresh-apps.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A copy of this repository, with what its development needs. */
    projectCopy: string
    /** All examples and fresh apps, each in a folder of its name, outside of this repository. */
    appsFolder: string
  }
}

const library = 'filerobot-widget-auth'
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const notCopied = new Set(['node_modules', 'dist', '.next'])

/**
 * Once for all tests of examples: packs the library as for publishing, copies the examples to where nothing of this
 * repository is, and installs them with it. It is one installation for all, as Vite comes in four of them.
 */
export default function packAndInstallExamples(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-examples-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const { copy, tarball } = packProject(folder)
    const appsFolder = join(folder, 'apps')
    mkdirSync(appsFolder)
    cpSync(here('../../examples'), appsFolder, { recursive: true, filter: path => !notCopied.has(basename(path)) })
    writeFreshApps(appsFolder)
    install(appsFolder, tarball)
    project.provide('projectCopy', copy)
    project.provide('appsFolder', appsFolder)
  } catch (error) {
    remove()
    throw error
  }
  return remove
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
