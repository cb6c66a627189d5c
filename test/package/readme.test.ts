import { readFileSync } from 'node:fs'
import { expect, inject, it } from 'vitest'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** `7.4` for 7,361 bytes. One decimal: another Node's zlib may differ by a few bytes. */
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)

it.each([
  ['core, everything bundled', /The core is \*\*(\d+\.\d) kB\*\*/],
  ['script-tag file', /the script-tag file[^.]*? \*\*(\d+\.\d) kB\*\*/],
])('the README tells the true size: %s', (name, sentence) => {
  const { size } = inject('sizes').find(measured => measured.name === name)!
  expect(sentence.exec(readme)?.[1]).toBe(kilobytes(size))
})
