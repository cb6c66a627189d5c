import { fileURLToPath } from 'node:url'
import { output } from './package/process.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The package as it would be published, after `buildOnce`. */
export const tarball = `${root}reports/package.tgz`

/**
 * Builds and packs the package, and builds the pages for tests, unless that was just done: by `npm test`, or by the setup
 * of another project in the same run. No test builds into `dist`, so that what one reads no other takes away.
 */
export function buildOnce(): void {
  if (process.env.TESTS_ARE_BUILT) return
  for (const script of ['pack', 'build:pages']) output('npm', ['run', '--silent', script], root)
  process.env.TESTS_ARE_BUILT = 'yes'
}
