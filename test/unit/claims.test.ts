import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAccessKey } from '../../src/index.ts'
import published from '../vectors/access-keys.json' with { type: 'json' }
import { encodeKey } from './fakes.ts'

/** Text without the characters that the format is made of; an item of a list is never empty. */
const word = fc
  .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
  .map(text => text.replace(/[\t\u001B\u001C]/g, '_'))
const words = fc.array(word, { maxLength: 5 })
const seconds = fc.nat({ max: 4_000_000_000 })

const textOf = (key: string) => `SASS__v1.05__${Buffer.from(key).toString('base64').replace(/=+$/, '')}__`
/** A key with this text inside, which need not be claims. */
const keyAround = (text: string) => {
  const [, payload = ''] = textOf(text).match(/__v1\.05__(.*)__$/) ?? []
  return `SASS__v1.05__${[...payload].reverse().join('')}__`
}

describe('decodeAccessKey', () => {
  it('reads the keys that the vendor published', () => {
    const [whole, cutOff] = published
    expect(decodeAccessKey(whole!.key)).toEqual({
      startSeconds: 1_619_091_028,
      ageSeconds: 1200,
      templateId: 'SECU_3268740E1C82464B9BC350D868F966CB',
      domains: ['fusqadtm.api.airstore.io'],
      uploadFolders: [],
      listFolders: ['/doc/template/*'],
      allowedIps: [],
      allowedCountries: [],
      permissions: 1n,
      other: {},
    })
    expect(decodeAccessKey(cutOff!.key)).toBeUndefined()
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.anything()), value => {
        const claims = decodeAccessKey(value as string)
        expect(claims === undefined || Array.isArray(claims.domains)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('never throws on a key with anything inside', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.stringMatching(/^(\w+:.*\t?)+$/)),
        text => {
          for (const key of [keyAround(text), `SASS__v1.05__${text}__`, `SASS__v1.05__${text}`, `SASS_${text}`]) {
            const claims = decodeAccessKey(key)
            expect(claims === undefined || typeof claims.other === 'object').toBe(true)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('reads back what was written in the real format', () => {
    fc.assert(
      fc.property(
        fc.record({
          startSeconds: seconds,
          ageSeconds: seconds,
          templateId: fc.stringMatching(/^SECU_[0-9A-F]{32}$/),
          domains: words,
          uploadFolders: words,
          listFolders: words,
          allowedIps: words,
          allowedCountries: words,
          maxUploads: seconds,
          maxUploadsPerMinute: seconds,
          maxUploadsPerIp: seconds,
          permissions: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        }),
        fc.stringMatching(/^[0-9a-f]{0,64}$/),
        (claims, suffix) => {
          const key = encodeKey(
            [
              ['st', String(claims.startSeconds)],
              ['udir', claims.uploadFolders],
              ['wip', claims.allowedIps],
              ['wc', claims.allowedCountries],
              ['age', String(claims.ageSeconds)],
              ['ldir', claims.listFolders],
              ['d', claims.domains],
              ['sec', claims.templateId],
              ['um', String(claims.maxUploads)],
              ['umpm', String(claims.maxUploadsPerMinute)],
              ['umip', String(claims.maxUploadsPerIp)],
              ['p', String(claims.permissions)],
            ],
            suffix,
          )
          expect(decodeAccessKey(key)).toEqual({ ...claims, other: {} })
        },
      ),
    )
  })

  it('keeps what it does not know, as it was found', () => {
    const key = encodeKey([
      ['fid', 'abc:def'],
      ['zz', ['one', 'two']],
      ['empty', []],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    const { other } = decodeAccessKey(key)!
    expect(Object.entries(other)).toEqual([
      ['fid', 'abc:def'],
      ['zz', ['one', 'two']],
      ['empty', []],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('counts the claim "dir" for uploading and for listing', () => {
    const claims = decodeAccessKey(encodeKey([['dir', ['/a', '/b/*']]]))
    expect(claims).toMatchObject({ uploadFolders: ['/a', '/b/*'], listFolders: ['/a', '/b/*'] })
  })

  it.each(['1e9', '-1', '0x10', '12.5', '', ' 7'])('takes %j for no number', text => {
    const claims = decodeAccessKey(
      encodeKey([
        ['st', text],
        ['age', text],
        ['d', ['x']],
      ]),
    )
    expect(claims?.startSeconds).toBeUndefined()
    expect(claims?.ageSeconds).toBeUndefined()
    expect(claims?.domains).toEqual(['x'])
  })

  it('keeps a mask of 64 bits whole', () => {
    expect(decodeAccessKey(encodeKey([['p', '18446744073709551615']]))?.permissions).toBe(2n ** 64n - 1n)
  })

  it('is quick with the longest key', () => {
    const key = `SASS__v1.05__${'A'.repeat(8170)}__`
    const startedMs = performance.now()
    decodeAccessKey(key)
    decodeAccessKey(`SASS__v1.05__${'_'.repeat(8170)}`)
    expect(performance.now() - startedMs).toBeLessThan(200)
  })
})
