// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { hasVersion, released, unreleasedPart } from '../../../scripts/changelog/unreleased.mjs'
import { releaseFaults } from '../../../scripts/release/faults.mjs'

const changelog = `# Changes

## [Unreleased]

### Added

- \`a\` costs $1.

## [0.1.0] - 2026-01-01

- \`b\`
`

describe('a release in the changelog', () => {
  const after = released(changelog, '0.2.0', '2026-02-03')

  it('is a part of its own, of all that was not released', () => {
    expect(after).toContain(
      '\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Added\n\n- `a` costs $1.\n\n## [0.1.0]',
    )
    expect(unreleasedPart(changelog)).toBe('### Added\n\n- `a` costs $1.')
    expect(unreleasedPart(after)).toBe('')
    expect([hasVersion(changelog, '0.2.0'), hasVersion(after, '0.2.0')]).toEqual([false, true])
  })

  it('is not made of nothing, nor a second time', () => {
    expect(() => released(after, '0.3.0', '2026-02-03')).toThrow('nothing under')
    expect(() => released(changelog, '0.1.0', '2026-02-03')).toThrow('a part for 0.1.0 already')
    expect(() => released('# Changes\n', '0.1.0', '2026-02-03')).toThrow('no heading')
  })
})

describe('a release that may not be published', () => {
  const repositoryUrl = 'https://github.com/an-owner/a-name'
  const reports = new Map([['core', 'export type A = 1;\n']])
  const right = {
    tag: 'v0.2.0',
    repositoryUrl,
    manifest: { version: '0.2.0', repository: { url: `git+${repositoryUrl}.git` } },
    changelog: released(changelog, '0.2.0', '2026-02-03'),
    released: reports,
    current: reports,
  }

  it('is none where all is right', () => {
    expect(releaseFaults(right)).toEqual([])
  })

  it.each([
    ['another tag', { tag: 'v0.2.1' }, 'The tag is v0.2.1'],
    ['a tag without v', { tag: '0.2.0' }, 'The tag is 0.2.0'],
    ['no tag', { tag: '' }, 'The tag is '],
    ['no repository', { manifest: { version: '0.2.0' } }, `"repository" has to name ${repositoryUrl}`],
    [
      'another repository',
      { repositoryUrl: 'https://github.com/a-fork/a-name' },
      'has to name https://github.com/a-fork',
    ],
    [
      'a changelog with more',
      { changelog: right.changelog.replace('[Unreleased]', '[Unreleased]\n\n- `c`') },
      'in no version',
    ],
    ['other types', { current: new Map([['core', 'export type A = 2;\n']]) }, 'not of this release'],
    ['an entry more', { current: new Map([...reports, ['more', '']]) }, 'not of this release'],
  ])('is found out: %s', (_, change, fault) => {
    const found = releaseFaults({ ...right, ...change })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(fault)
  })

  it('is found out where the changelog was not moved on', () => {
    expect(releaseFaults({ ...right, changelog }).join(' ')).toMatch(/no part for 0\.2\.0.*in no version/)
  })
})
