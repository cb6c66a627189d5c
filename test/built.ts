import { fileURLToPath } from 'node:url'
import { output } from './package/process.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The package as it would be published, after `buildOnce`. */
export const tarball = `${root}reports/package.tgz`

/**
 * Packs the package and builds the pages and what sizes are measured on, unless that was just done: by `npm test`, or by
 * the setup of another project in the same run. No test builds there, so that none takes away what another one reads.
 */
export function buildOnce(): void {
  if (process.env.TESTS_ARE_BUILT) return
  for (const script of ['pack', 'build:pages', 'build:entries']) output('npm', ['run', '--silent', script], root)
  process.env.TESTS_ARE_BUILT = 'yes'
}
