// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Locked {
  name?: string
  version?: string
  integrity?: string
  link?: true
  resolved?: string
  hasInstallScript?: true
  dev?: true
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
interface LockFile {
  lockfileVersion: number
  packages: Record<string, Locked>
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'))
const own: LockFile = read('package-lock.json')
const locks = { 'package-lock.json': own, 'test/examples/package-lock.json': read('test/examples/package-lock.json') }

const isInstalled = (path: string, { link }: Locked) => path.includes('node_modules/') && !link

/** Packed anew for each test of the examples, with another hash each time. */
const library = 'filerobot-widget-auth'

/** What is wrong with a lock file, by path. */
function faults({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([path, locked]) => {
    const needed = { ...locked.dependencies, ...locked.devDependencies, ...locked.optionalDependencies }
    const found = Object.keys(needed)
      .filter(name => name !== library && !findUp(packages, path, name))
      .map(name => `${path} needs ${name}`)
    if (isInstalled(path, locked)) {
      if (!/^\d+\.\d+\.\d+/.test(locked.version ?? '')) found.push(`${path} has no version`)
      if (!/^sha512-[\w+/]{86}==$/.test(locked.integrity ?? '')) found.push(`${path} has no sha512`)
      // The address may be left out, for whichever registry is asked; what comes from there has to have the hash.
      if (locked.resolved && !locked.resolved.startsWith('https://registry.npmjs.org/'))
        found.push(`${path} is not from npm's registry`)
    }
    return found
  })
}

/** Where Node would find a package: in the nearest `node_modules` from `path` upwards. */
function findUp(packages: LockFile['packages'], path: string, name: string): Locked | undefined {
  for (let folder = path; ; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    const found = packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]
    if (found || !folder) return found
  }
}

describe.each(Object.entries(locks))('the lock file %s', (_, lock) => {
  it('is of the form that npm 7 and later write', () => {
    expect(lock.lockfileVersion).toBe(3)
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100)
  })

  it('has a version and a hash for each package, and all that each needs', () => {
    expect(faults(lock)).toEqual([])
  })
})

describe('a lock file with a fault', () => {
  const path = 'node_modules/idb-keyval'
  const changed = (change: Partial<Locked>): LockFile => ({
    ...own,
    packages: { ...own.packages, [path]: { ...own.packages[path], ...change } },
  })

  it.each([
    ['no hash', { integrity: '' }, `${path} has no sha512`],
    ['a weaker hash', { integrity: 'sha1-BMpFhCOkWB5v8pnVvhlvoYNpkEw=' }, `${path} has no sha512`],
    ['no version', { version: '' }, `${path} has no version`],
    ['another source', { resolved: 'git+ssh://git@example.com/a.git#1' }, `${path} is not from npm's registry`],
    ['a package missing', { dependencies: { absent: '^1.0.0' } }, `${path} needs absent`],
  ])('is found out: %s', (_, change, expected) => {
    expect(faults(changed(change))).toEqual([expected])
  })
})

describe('what the project depends on', () => {
  const { dependencies, devDependencies, version } = read('package.json')

  it('is locked as package.json says', () => {
    expect(own.packages['']).toMatchObject({ version, dependencies, devDependencies })
  })

  it('is exact for development', () => {
    const ranges = Object.entries<string>(devDependencies).filter(([, wanted]) => !/^\d+\.\d+\.\d+$/.test(wanted))
    expect(ranges).toEqual([])
  })

  it('is one package at runtime, by a range, so that an app has it once and with its corrections', () => {
    expect(dependencies).toEqual({ 'idb-keyval': '^6.3.0' })
  })

  it('runs an install script in two packages, known by name: neither at runtime nor built into the package', () => {
    const scripted = Object.entries(own.packages).filter(([, { hasInstallScript }]) => hasInstallScript)
    // Of the peers that the benchmarks compare with.
    expect(scripted.map(([path, { dev }]) => [path, dev])).toEqual([
      ['node_modules/@firebase/util', true],
      ['node_modules/browser-tabs-lock', true],
    ])
    // Installed with the package, and built into it.
    for (const name of ['idb-keyval', 'commander', 'hono', '@hono/node-server'])
      expect(own.packages[`node_modules/${name}`]?.version).toBeDefined()
  })
})
