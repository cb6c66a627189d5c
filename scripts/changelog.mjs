// Fails when the public types are not those of the last release and CHANGELOG.md does not say so: each export that is
// new, changed or gone has to be named under `[Unreleased]`, between backticks. Needs no git and no build: `npm run api`
// keeps the reports that are compared.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { currentFolder, releasedFolder, savedReports } from './api/saved-reports.mjs'
import { unnamedChanges } from './changelog/unnamed-changes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const changelog = readFileSync(`${root}CHANGELOG.md`, 'utf8')

for (const { entry, name, change } of unnamedChanges(
  savedReports(root + releasedFolder),
  savedReports(root + currentFolder),
  changelog,
)) {
  console.error(`CHANGELOG.md does not name \`${name}\` under [Unreleased], which is ${change} in ${entry}.`)
  process.exitCode = 1
}
