// What would be wrong with a release.
import { hasVersion, unreleasedPart } from '../changelog/unreleased.mjs'

/** See `faults.d.mts`. */
export function releaseFaults({ tag, repositoryUrl, manifest, changelog, released, current }) {
  const { version, repository } = manifest
  const url = repository?.url?.replace(/^git\+/, '').replace(/\.git$/, '')
  const isKept =
    released.size === current.size && [...current].every(([entry, report]) => released.get(entry) === report)
  return [
    tag !== `v${version}` && `The tag is ${tag}, and package.json's version is ${version}.`,
    url !== repositoryUrl &&
      `package.json's "repository" has to name ${repositoryUrl}, where it is published from, and ${url ? `names ${url}` : 'is not there'}.`,
    !hasVersion(changelog, version) && `CHANGELOG.md has no part for ${version}: run \`npm run release\`.`,
    unreleasedPart(changelog) && 'CHANGELOG.md has changes that are in no version: run `npm run release`.',
    !isKept && 'docs/api-report/released is not of this release: run `npm run release`.',
  ].filter(Boolean)
}
