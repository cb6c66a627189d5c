import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'

const appFolder = inject('appFolder')
const read = (file: string) => JSON.parse(readFileSync(join(appFolder, file), 'utf8'))

/** What npm runs of a package when it is installed, from a registry, a tarball or a repository. */
const installScripts = [
  ...['preinstall', 'install', 'postinstall'],
  ...['prepublish', 'preprepare', 'prepare', 'postprepare'],
]
const runAtInstall = (manifest: { scripts?: Record<string, string> }) =>
  Object.keys(manifest.scripts ?? {}).filter(name => installScripts.includes(name))

describe('installing the package', () => {
  it('runs nothing of it', () => {
    const manifest = read('node_modules/filerobot-widget-auth/package.json')
    expect(runAtInstall(manifest)).toEqual([])
    // npm would compile it.
    expect(inject('packed').files).not.toContain('binding.gyp')
    expect(runAtInstall({ scripts: { ...manifest.scripts, prepare: 'vite build' } })).toEqual(['prepare'])
  })

  it("runs nothing of what it brings along, by npm's own record", () => {
    const { packages } = read('package-lock.json') as { packages: Record<string, { hasInstallScript?: true }> }
    const installed = Object.entries(packages).filter(([path]) => path)
    expect(installed.map(([path]) => path).sort()).toEqual([
      'node_modules/filerobot-widget-auth',
      'node_modules/idb-keyval',
    ])
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([])
  })
})
