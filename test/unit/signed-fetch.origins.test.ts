import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { API, FILES, failureOf, fakeLocks, openPage, shiftyUrl, stubBrowser, tidyUp } from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

const allowedOrigins = [
  'https://cdn.example.com/',
  'https://assets.example.com:8443',
  'https://bücher.example',
  'http://localhost:3300',
  'http://app.localhost:3300',
  'http://127.0.0.1:8080',
  'http://[::1]:8080',
]

describe('where the key may go (rule 11)', () => {
  it.each([
    FILES,
    `${FILES}?folder=/`,
    'https://api.filerobot.com:443/x',
    'HTTPS://API.FILEROBOT.COM/x',
    'https:\\\\api.filerobot.com\\x',
    'https://ａｐｉ.filerobot.com/x',
    'https://cdn.example.com/a.png',
    'https://assets.example.com:8443/a.png',
    'https://xn--bcher-kva.example/',
    'https://BÜCHER.example/',
    'http://localhost:3300/',
    'http://app.localhost:3300/',
    'http://127.0.0.1:8080/',
    'http://[::1]:8080/',
    'http://[0:0:0:0:0:0:0:1]:8080/',
  ])('%s may have it', async url => {
    const { createAuth, service } = await openPage()
    const auth = createAuth({ allowedOrigins })
    expect((await auth.fetch(url)).ok).toBe(true)
    expect((await auth.sign(new URL(url))).headers.get('X-Filerobot-Key')).toBe(service.given[0])
    expect(service.keysUsed()).toEqual([service.given[0]])
  })

  it.each([
    'https://evil.example/',
    'https://api.filerobot.com.evil.example/',
    'https://evilapi.filerobot.com/',
    'https://sub.api.filerobot.com/',
    'https://filerobot.com/',
    'https://api.filerobot.com./',
    'https://api.filerobot.com:8443/',
    'https://api.filerobot.com:80/',
    'http://api.filerobot.com/',
    'http://cdn.example.com/',
    'https://assets.example.com/',
    'https://localhost:3300/',
    'http://localhost:3000/',
    'http://other.localhost:3300/',
    'https://127.0.0.1:8080/',
    'http://127.0.0.2:8080/',
    'https://аpi.filerobot.com/',
    'https://api。evil.example/',
    'https://evil.example/https://api.filerobot.com/',
    'https://evil.example/?https://api.filerobot.com/',
    'https://evil.example\\@api.filerobot.com/',
    '//evil.example/x',
    '\\\\evil.example\\x',
    '/\\evil.example',
    'https:\\\\evil.example\\x',
    'data:application/json,{}',
    'blob:https://api.filerobot.com/0f9b5c0a-1c1e-4d1c-9f52-6a3f2d9f8b11',
    'filesystem:https://api.filerobot.com/temporary/x',
    'ftp://api.filerobot.com/',
    'ws://api.filerobot.com/',
    'file:///etc/passwd',
    'about:blank',
    'javascript:alert(1)',
    'null',
    '',
    '/fusqadtm/v4/files',
  ])('%s may not: nothing is sent, and no key is asked for', async url => {
    const { createAuth, service } = await openPage()
    const auth = createAuth({ allowedOrigins })
    for (const attempt of [auth.fetch(url), auth.sign(url)]) {
      expect(await failureOf(attempt)).toMatchObject({ name: 'AuthError', code: 'origin_not_allowed' })
    }
    expect([service.asked.length, service.requests.length]).toEqual([0, 0])
  })

  it.each([
    'https://user:word@api.filerobot.com/',
    'https://api.filerobot.com:word@evil.example/',
    'https://api.filerobot.com@evil.example/',
    'https://[',
    'https://api.filerobot.com:port/',
  ])('%s is no address to send to', async url => {
    const { createAuth, service } = await openPage()
    const auth = createAuth({ allowedOrigins })
    for (const attempt of [auth.fetch(url), auth.sign(url)]) {
      expect((await failureOf(attempt)).code).toMatch(/^(invalid_options|origin_not_allowed)$/)
    }
    expect([service.asked.length, service.requests.length]).toEqual([0, 0])
  })

  it('names the origin that would have to be allowed', async () => {
    const { auth } = await openPage()
    const { message } = await failureOf(auth.sign('https://cdn.example.com:8443/path?secret=hush'))
    expect(message).toContain('https://cdn.example.com:8443')
    expect(message).toContain('allowedOrigins')
    expect(message).not.toContain('hush')
  })

  it("'null' never matches, whatever is allowed", async () => {
    const { createAuth } = await openPage()
    for (const origin of ['null', 'data:,x', 'about:blank', 'blob:null/x']) {
      const error = await failureOf((async () => createAuth({ allowedOrigins: [origin] }))())
      expect(error).toMatchObject({ code: 'invalid_options' })
    }
  })

  it('judges the address that the request was built with, not what an object says next', async () => {
    const { auth, service } = await openPage()
    const request = await auth.sign(shiftyUrl())
    expect(request.url).toBe(FILES)
    expect(service.requests).toHaveLength(0)
  })

  it('apiBase may be another one, with a path', async () => {
    const { createAuth, service } = await openPage()
    const auth = createAuth({ apiBase: 'https://proxy.example/filerobot/', token: 'abc' })
    expect((await auth.sign('https://proxy.example/elsewhere')).headers.has('X-Filerobot-Key')).toBe(true)
    expect(service.asked[0]?.url).toMatch(/^https:\/\/proxy\.example\/filerobot\/abc\/key\/SECU_/)
    expect(await failureOf(auth.sign(`${API}/x`))).toMatchObject({ code: 'origin_not_allowed' })
  })
})
