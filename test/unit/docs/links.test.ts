// @vitest-environment node
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentationFiles, type Page, parsePage, readPage, root } from './documentation.ts'

const pages = new Map(documentationFiles().map(file => [file, readPage(file)]))

/** The links of a page that lead nowhere. */
function brokenLinks({ file, links, anchors }: Page): string[] {
  return links.filter(link => {
    if (/^[a-z]+:/.test(link)) return !URL.canParse(link)
    const [path = '', anchor] = link.split('#')
    const target = path ? posix.join(posix.dirname(file), path) : file
    if (path && !existsSync(root + target)) return true
    return anchor !== undefined && !(path ? pages.get(target)?.anchors : anchors)?.has(anchor)
  })
}

describe('the documentation', () => {
  it.each([...pages.keys()])('has no link that leads nowhere: %s', file => {
    expect(brokenLinks(pages.get(file)!)).toEqual([])
  })

  it('is found: the README and the pages that it leads to', () => {
    expect([...pages.keys()]).toEqual(expect.arrayContaining(['README.md', 'docs/errors.md', 'docs/api/core.md']))
  })

  it('has no page that no other one leads to', () => {
    const led = new Set(
      [...pages.values()].flatMap(({ file, links }) =>
        links.map(link => posix.join(posix.dirname(file), link.split('#')[0]!)),
      ),
    )
    const lonely = [...pages.keys()].filter(file => file.startsWith('docs/') && !led.has(file))
    expect(lonely).toEqual([])
  })

  it('names only scripts of the package that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> }
    const named = [...pages.values()].flatMap(({ text }) =>
      [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name!),
    )
    expect(named.filter(name => !(name in scripts))).toEqual([])
  })
})

describe('a link that leads nowhere', () => {
  it.each([
    ['to a file', '[x](absent.md)', 'absent.md'],
    ['to a heading of another page', '[x](errors.md#absent)', 'errors.md#absent'],
    ['to a heading of its own page', '# Here\n[x](#there)', '#there'],
    ['of an image', '![x](absent.svg)', 'absent.svg'],
    ['in HTML', '<img src="absent.svg">', 'absent.svg'],
  ])('is found out: %s', (_, text, link) => {
    expect(brokenLinks(parsePage('docs/made-up.md', text))).toEqual([link])
  })

  it('is not one to a heading with markup, or of a name that is there twice', () => {
    const text = '# `a` & *b*\n# a\n# a\n[x](#a--b) [y](#a-1) [z](errors.md#rate_limited) [w](../README.md)'
    expect(brokenLinks(parsePage('docs/made-up.md', text))).toEqual([])
  })
})
