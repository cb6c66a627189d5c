// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { isSecretKey, quoted, withoutKeys } from '../../../src/cli/secrets.ts'
import publishedKeys from '../../vectors/access-keys.json' with { type: 'json' }

const SECRET = '0123456789abcdef0123456789ABCDEF'

describe('an argument that is a secret key (rule 13)', () => {
  it.each([SECRET, ` ${SECRET} `, `--token=${SECRET}`, `-t=${SECRET}`, `--${SECRET}`, `-${SECRET}`])(
    'is recognised: %j',
    argument => expect(isSecretKey(argument)).toBe(true),
  )

  it.each([`SECU_${SECRET}`, `--template=SECU_${SECRET}`, `/tmp/${SECRET}`, `${SECRET}0`, SECRET.slice(1), 'fusqadtm'])(
    'is not seen where there is none: %j',
    argument => expect(isSecretKey(argument)).toBe(false),
  )
})

describe('a text without keys', () => {
  it('has no access key and no secret key in it (rule 14)', () => {
    const { key } = publishedKeys[0]!
    const text = withoutKeys(`{"key":"${key}","secret":"${SECRET}"} key=${key}&x`)
    expect(text).toBe('{"key":"SASS_…","secret":"…"} key=SASS_…&x')
  })

  it('keeps identifiers of templates, words of the service, and hexadecimal numbers of other lengths', () => {
    const text = `ERR_SASS_INVALID SECU_${SECRET} ${SECRET}${SECRET} ${SECRET.slice(2)}`
    expect(withoutKeys(text)).toBe(text)
  })
})

describe('what a server said', () => {
  it('comes on one line, without what would steer a terminal or turn its letters round', () => {
    expect(quoted(' one\r\n\u001B[31mred\u0007 \u202Eesrever\t ')).toBe('one [31mred esrever')
  })

  it('is cut off where it is long', () => {
    expect(quoted('x'.repeat(500))).toBe(`${'x'.repeat(200)}…`)
  })
})
