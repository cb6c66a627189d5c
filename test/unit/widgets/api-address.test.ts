import { afterEach, describe, expect, it } from 'vitest'
import { type Auth, createAuth } from '../../../src/index.ts'
import { folderAddress } from '../../../src/widgets/api-address.ts'
import { API, SECRET, TEMPLATE, TOKEN, tidyUp } from '../fakes.ts'

afterEach(tidyUp)

describe('the address of a folder', () => {
  /** As an app's own wrapper of an auth: it has what the type says, and nothing else. */
  const wrapped = { fetch: async () => Response.error() } as unknown as Auth

  it("is the auth's project at the auth's API", () => {
    const auth = createAuth({ token: TOKEN, templateId: TEMPLATE, apiBase: 'http://localhost:4000/api/' })
    expect(folderAddress(auth, {}, '/a b')).toBe(`http://localhost:4000/api/${TOKEN}/v4/files?folder=%2Fa%20b`)
    auth.dispose()
  })

  it('is what is given in their places', () => {
    const auth = createAuth({ token: 'another', templateId: TEMPLATE, apiBase: 'http://localhost:4000' })
    expect(folderAddress(auth, { token: TOKEN, apiBase: API }, '/')).toBe(`${API}/${TOKEN}/v4/files?folder=%2F`)
    auth.dispose()
  })

  it('is at the public service where nobody says otherwise', () => {
    expect(folderAddress(wrapped, { token: TOKEN }, '/')).toBe(`${API}/${TOKEN}/v4/files?folder=%2F`)
  })

  it.each([
    ['token', {}, '/'],
    ['token', { token: 'a/b' }, '/'],
    ['apiBase', { token: TOKEN, apiBase: '/api' }, '/'],
    ['folder', { token: TOKEN }, 'photos'],
  ])('is refused for a bad %s, which the error names', (option, api, folder) => {
    expect(() => folderAddress(wrapped, api, folder)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(option) }),
    )
  })

  it('never repeats a secret key', () => {
    expect(() => folderAddress(wrapped, { token: SECRET }, '/')).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.not.stringContaining(SECRET) }),
    )
  })
})
