import { cpSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { output } from './process.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What a clone does not have. */
const notCopied = new Set(['node_modules', 'dist', 'dist-demo', 'reports', '.git', '.next'])

/** A copy of the project, and what `npm pack` made of it. */
export interface PackedProject {
  copy: string
  tarball: string
  /** Paths in the tarball. */
  files: string[]
}

/** Copies the project into `folder`, as tests in a browser build into its `dist` at the same time, and packs the copy as for publishing. */
export function packProject(folder: string): PackedProject {
  const copy = join(folder, 'project')
  cpSync(root, copy, { recursive: true, filter: path => path === root || !notCopied.has(basename(path)) })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  // Its own `prepack` builds.
  const options = ['--json', '--silent', '--foreground-scripts=false', '--pack-destination', folder]
  const [packed] = JSON.parse(output('npm', ['pack', ...options], copy, 180_000)) as [
    { filename: string; files: { path: string }[] },
  ]
  return { copy, tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) }
}
