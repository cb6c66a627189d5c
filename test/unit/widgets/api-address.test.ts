import { describe, expect, it } from 'vitest'
import { folderAddress } from '../../../src/widgets/api-address.ts'

describe('the address of a folder', () => {
  it('is at the public service unless another base is given', () => {
    expect(folderAddress({ token: 'fusqadtm' }, '/a b')).toBe(
      'https://api.filerobot.com/fusqadtm/v4/files?folder=%2Fa%20b',
    )
    expect(folderAddress({ token: 'fusqadtm', apiBase: 'http://localhost:4000/api/' }, '/')).toBe(
      'http://localhost:4000/api/fusqadtm/v4/files?folder=%2F',
    )
  })

  it.each([
    ['token', {}, '/'],
    ['token', { token: 'a/b' }, '/'],
    ['apiBase', { token: 'fusqadtm', apiBase: '/api' }, '/'],
    ['folder', { token: 'fusqadtm' }, 'photos'],
  ])('is refused for a bad %s, which the error names', (option, api, folder) => {
    expect(() => folderAddress(api, folder)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(option) }),
    )
  })

  it('never repeats a secret key', () => {
    const secret = '0123456789abcdef0123456789abcdef'
    expect(() => folderAddress({ token: secret }, '/')).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.not.stringContaining(secret) }),
    )
  })
})
