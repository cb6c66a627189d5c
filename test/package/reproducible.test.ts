import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tarball } from '../built.ts'
import { buildElsewhere, filesIn } from './second-build.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const reports = fileURLToPath(new URL('../../reports/', import.meta.url))

/** The files that are not the same, byte by byte, in both. */
const differences = (one: Map<string, Buffer>, other: Map<string, Buffer>) =>
  [...new Set([...one.keys(), ...other.keys()])].filter(path => {
    const [bytes, otherBytes] = [one.get(path), other.get(path)]
    return !bytes || !otherBytes?.equals(bytes)
  })

describe('the package, built a second time somewhere else', () => {
  let folder: string
  // A whole build; alone it takes fifteen seconds.
  beforeAll(() => {
    const names = [...readFileSync(join(dist, 'node/LICENSES.md'), 'utf8').matchAll(/^## (\S+) - /gm)]
    folder = buildElsewhere(names.map(([, name]) => name!))
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has the same files, with the same bytes', () => {
    const [first, second] = [filesIn(dist), filesIn(join(folder, 'dist'))]
    expect(first.size).toBeGreaterThan(50)
    expect(differences(first, second)).toEqual([])
  })

  it('is the same tarball, also in the modes and the order of its files', () => {
    const [first, second] = [readFileSync(tarball), readFileSync(join(folder, 'reports/package.tgz'))]
    expect(gunzipSync(second).equals(gunzipSync(first))).toBe(true)
    expect(second.equals(first)).toBe(true)
  })

  it('tells the same hashes, which are those of the tarball', () => {
    const told = readFileSync(join(reports, 'integrity.txt'), 'utf8')
    const integrity = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    const bytes = readFileSync(tarball)
    expect(told).toBe(`package.tgz ${integrity(bytes)}\npackage.tar ${integrity(gunzipSync(bytes))}\n`)
    expect(readFileSync(join(folder, 'reports/integrity.txt'), 'utf8')).toBe(told)
  })
})

describe('two builds', () => {
  const one = new Map([['a', Buffer.from('same')]])

  it.each([
    ['another byte', new Map([['a', Buffer.from('sane')]]), ['a']],
    ['one file more', new Map([...one, ['b', Buffer.from('')]]), ['b']],
    ['one file less', new Map<string, Buffer>(), ['a']],
  ])('are found to differ by %s', (_, other, expected) => {
    expect(differences(one, other)).toEqual(expected)
    expect(differences(other, one)).toEqual(expected)
  })
})
