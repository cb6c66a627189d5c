// Reads and moves the part of a changelog that is not released, in the form of Keep a Changelog.

const heading = '## [Unreleased]'

/** See `unreleased.d.mts`. */
export function unreleasedPart(changelog) {
  const start = changelog.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`CHANGELOG.md has no heading "${heading}".`)
  const after = changelog.slice(start + heading.length + 2)
  const end = after.search(/^## /m)
  return (end < 0 ? after : after.slice(0, end)).trim()
}

/** See `unreleased.d.mts`. */
export function released(changelog, version, date) {
  if (!unreleasedPart(changelog)) throw new Error(`CHANGELOG.md has nothing under "${heading}".`)
  if (hasVersion(changelog, version)) throw new Error(`CHANGELOG.md has a part for ${version} already.`)
  return changelog.replace(`\n${heading}\n`, () => `\n${heading}\n\n## [${version}] - ${date}\n`)
}

/** See `unreleased.d.mts`. */
export function hasVersion(changelog, version) {
  return changelog.includes(`\n## [${version}] - `)
}
