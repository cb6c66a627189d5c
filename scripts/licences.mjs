// Prints the licences of what is passed on, package by package, and of what is used for development, by kind; fails when
// one is not allowed. The lock file says what there is, also for other systems than this one.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { refused } from './licences/policy.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = file => JSON.parse(readFileSync(root + file, 'utf8'))

/** Written by npm of late; older packages say it in themselves alone. */
function licenceOf(path, { license }) {
  if (license || !existsSync(`${root}${path}/package.json`)) return license
  const { license: own, licenses = [] } = read(`${path}/package.json`)
  return own?.type ?? own ?? (licenses.map(({ type }) => type).join(' OR ') || undefined)
}

/** Built into the command line and the emulator; a test of the package holds `dist/node/LICENSES.md` to these. */
const bundled = ['@hono/node-server', 'commander', 'hono']

const locked = read('package-lock.json').packages
const passedOn = new Set([...Object.keys(locked[''].dependencies), ...bundled])
// It grows meanwhile.
for (const name of passedOn)
  for (const needed of Object.keys(locked[`node_modules/${name}`].dependencies ?? {})) passedOn.add(needed)

const packages = Object.entries(locked)
  .filter(([path, { link }]) => path.includes('node_modules/') && !link)
  .map(([path, entry]) => {
    const name = path.replace(/^.*node_modules\//, '')
    const isPassedOn = path === `node_modules/${name}` && passedOn.has(name)
    return { name, version: entry.version, licence: licenceOf(path, entry), isPassedOn }
  })

console.log('Passed on:')
for (const { name, version, licence } of packages.filter(({ isPassedOn }) => isPassedOn))
  console.log(`  ${name} ${version}: ${licence}`)

const counts = new Map()
for (const { licence = 'not named' } of packages.filter(({ isPassedOn }) => !isPassedOn))
  counts.set(licence, (counts.get(licence) ?? 0) + 1)
console.log('For development:')
for (const [licence, count] of [...counts].sort(([, one], [, other]) => other - one))
  console.log(`  ${String(count).padStart(4)} ${licence}`)

const found = refused(packages)
if (found.length > 0) {
  console.error(`Not allowed by scripts/licences/policy.mjs:\n  ${found.join('\n  ')}`)
  process.exitCode = 1
}
