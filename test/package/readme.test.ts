import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'

const page = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const readme = page('README.md')

/** `7.4` for 7,361 bytes. One decimal: another Node's zlib may differ by a few bytes. */
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)
const sizeOf = (name: string) => {
  const { size } = inject('sizes').find(measured => measured.name === name)!
  return kilobytes(size)
}

describe('the README', () => {
  it.each([
    ['filerobot-widget-auth', /the core is \*\*(\d+\.\d) kB\*\*/],
    ['filerobot-widget-auth.global.js', /\*\*(\d+\.\d) kB for everything/],
  ])('tells the true size among its facts: %s', (name, sentence) => {
    expect(sentence.exec(readme)?.[1]).toBe(sizeOf(name))
  })

  it('tells the true size of each entry, and of nothing else, in its table', () => {
    const rows = [...readme.matchAll(/^\| `([^`]+)` \|.*\| (\d+\.\d) kB \|$/gm)].map(([, name, size]) => [name, size])
    expect(rows).toEqual(inject('sizes').map(({ name }) => [name, sizeOf(name)]))
  })

  it('counts the rules that have tests', () => {
    const rules = page('docs/rules.md').match(/^\| \d+ \| /gm)
    expect(/\*\*(\d+) rules, each with its tests/.exec(readme)?.[1]).toBe(String(rules?.length))
  })
})

describe('the integrity hash of the script-tag file', () => {
  const file = readFileSync(
    join(inject('appFolder'), 'node_modules/filerobot-widget-auth/dist/filerobot-widget-auth.global.js'),
  )
  const integrity = `sha384-${createHash('sha384').update(file).digest('base64')}`

  it.each(['README.md', 'docs/script-tag.md'])('is that of the file in %s', name => {
    const found = [...page(name).matchAll(/integrity="([^"]*)"/g)].map(([, hash]) => hash)
    expect(found.length).toBeGreaterThan(0)
    // After a change of the file: `npm run integrity`.
    expect(new Set(found)).toEqual(new Set([integrity]))
  })
})
