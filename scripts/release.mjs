// Gets the project ready for a release of the version in package.json; see docs/releasing.md.
//
//   node scripts/release.mjs                      writes: CHANGELOG.md has a part for the version, and the public types
//                                                 of now are those of the last release
//   node scripts/release.mjs --check TAG URL      fails when that was not done, or the tag or the repository is another
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { currentFolder, releasedFolder, savedReports } from './api/saved-reports.mjs'
import { unnamedChanges } from './changelog/unnamed-changes.mjs'
import { released } from './changelog/unreleased.mjs'
import { releaseFaults } from './release/faults.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const changelog = readFileSync(`${root}CHANGELOG.md`, 'utf8')
const reports = { released: savedReports(root + releasedFolder), current: savedReports(root + currentFolder) }

const [flag, tag, repositoryUrl] = process.argv.slice(2)
if (flag === '--check') {
  const faults = releaseFaults({ tag, repositoryUrl, manifest, changelog, ...reports })
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
} else {
  const [unnamed] = unnamedChanges(reports.released, reports.current, changelog)
  if (unnamed) throw new Error(`CHANGELOG.md does not name \`${unnamed.name}\`: see \`npm run changelog:check\`.`)
  const today = new Date().toISOString().slice(0, 10)
  writeFileSync(`${root}CHANGELOG.md`, released(changelog, manifest.version, today))
  rmSync(root + releasedFolder, { recursive: true, force: true })
  mkdirSync(root + releasedFolder)
  for (const name of readdirSync(root + currentFolder).filter(name => name.endsWith('.d.ts')))
    cpSync(root + currentFolder + name, root + releasedFolder + name)
  console.log(`Ready to be committed and tagged: v${manifest.version}`)
}
