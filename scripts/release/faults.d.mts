/** What is wrong with a release, in words; nothing, if it may be published. */
export function releaseFaults(release: {
  /** In git, `'v1.2.3'`. */
  tag: string
  /** Of the repository that the release is published from: npm compares it with package.json for a package's provenance. */
  repositoryUrl: string
  /** package.json. */
  manifest: { version: string; repository?: { url?: string } }
  changelog: string
  /** Reports of the public types by entry: what is kept of the last release, and what is there now. */
  released: ReadonlyMap<string, string>
  current: ReadonlyMap<string, string>
}): string[]
