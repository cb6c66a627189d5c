import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOptions } from '../../../src/options.ts'
import { isToBeSigned, type SignableRequest, signableInit } from '../../../src/service-worker/signing.ts'
import { API, FILES, TEMPLATE, TOKEN } from '../fakes.ts'

const CDN = 'https://cdn.example.com'
const rule = readOptions({ token: TOKEN, templateId: TEMPLATE, allowedOrigins: [CDN] }, undefined)
const picture = `${CDN}/photos/one.png`

/** An `<img>`'s request, but for what is said. */
const request = (more: Partial<Omit<SignableRequest, 'headers'>> & { key?: string } = {}): SignableRequest => {
  const { key, ...rest } = more
  const headers = new Headers(key ? { 'x-filerobot-key': key } : {})
  return { method: 'GET', mode: 'no-cors', destination: 'image', cache: 'default', url: picture, headers, ...rest }
}

describe('signed is', () => {
  it.each<[string, Parameters<typeof request>[0]]>([
    ['a picture', {}],
    ['a picture with crossorigin', { mode: 'cors' }],
    ['a picture at the API itself', { url: `${API}/${TOKEN}/v7/one.png` }],
    ['a file whose folder is called key', { url: `${CDN}/key/one.png` }],
    ['a file whose name begins with key', { url: `${API}/${TOKEN}/keyboard.png` }],
    ['a file deep in a folder called key', { url: `${API}/${TOKEN}/photos/key/one.png` }],
    ['a HEAD', { method: 'HEAD', destination: '', mode: 'cors' }],
    ["a page's fetch without a key", { destination: '', mode: 'cors', url: FILES }],
    ['a video', { destination: 'video' }],
    ['a sound', { destination: 'audio' }],
    ['a font', { destination: 'font', mode: 'cors' }],
    ['a picture after a reload', { cache: 'reload' }],
    ['a picture of a style sheet, with a query and a fragment', { url: `${picture}?w=20#x` }],
  ])('%s', (_, more) => {
    expect(isToBeSigned(request(more), rule)).toBe(true)
  })
})

describe('left alone is', () => {
  it.each<[string, Parameters<typeof request>[0]]>([
    ['an upload', { method: 'POST', url: FILES, destination: '', mode: 'cors' }],
    ['a change', { method: 'PUT', url: FILES, destination: '' }],
    ['a deletion', { method: 'DELETE', url: FILES, destination: '' }],
    ['a request that has a key', { key: 'SASS_of-the-page' }],
    ['a navigation', { mode: 'navigate', destination: 'document' }],
    ['a frame', { mode: 'navigate', destination: 'iframe' }],
    ['an old frame', { destination: 'frame' }],
    ['an embedded file', { destination: 'embed' }],
    ['an object', { destination: 'object' }],
    ["developer tools' look into the cache", { cache: 'only-if-cached' }],
    ['another origin', { url: 'https://evil.example/one.png' }],
    ['another port', { url: 'https://cdn.example.com:8443/one.png' }],
    ['a sub-domain', { url: 'https://a.cdn.example.com/one.png' }],
    ['an origin that only begins alike', { url: 'https://cdn.example.com.evil.example/one.png' }],
    ['an allowed host without https', { url: 'http://cdn.example.com/one.png' }],
    ['a data URL', { url: 'data:image/png,x' }],
    ['a blob URL of an allowed origin', { url: `blob:${CDN}/0b0c` }],
    ['the key URL', { url: `${API}/${TOKEN}/key/${TEMPLATE}`, destination: '', mode: 'cors' }],
    ['the key URL with a query', { url: `${API}/${TOKEN}/key/${TEMPLATE}?a=1` }],
    ["another template's", { url: `${API}/${TOKEN}/key/SECU_${'0'.repeat(32)}` }],
    ["another project's", { url: `${API}/other/key/${TEMPLATE}` }],
    ['key/info', { url: `${API}/${TOKEN}/v4/key/info?key=SASS_x` }],
    ['a key URL of a later version', { url: `${API}/${TOKEN}/v12/key/renew` }],
    ['a key URL in other letters', { url: `${API}/${TOKEN}/KEY/${TEMPLATE}` }],
    ['a key URL with escapes', { url: `${API}/${TOKEN}/%6Bey/${TEMPLATE}` }],
    ['a key URL with empty segments', { url: `${API}//${TOKEN}///key//${TEMPLATE}` }],
    ['a key URL by way of dots', { url: `${API}/${TOKEN}/x/../key/${TEMPLATE}` }],
  ])('%s', (_, more) => {
    expect(isToBeSigned(request(more), rule)).toBe(false)
  })

  it('the key endpoint of the site, told from its neighbours by path and query', () => {
    const own = readOptions(
      { token: TOKEN, keyUrl: '/api.php?do=key', apiBase: 'https://shop.example/filerobot/' },
      'https://shop.example/page',
    )
    const isSigned = (url: string) => isToBeSigned(request({ url, mode: 'cors', destination: '' }), own)
    expect(isSigned('https://shop.example/api.php?do=key')).toBe(false)
    expect(isSigned('https://shop.example/api.php?time=1&do=key')).toBe(false)
    expect(isSigned('https://shop.example/api.php?do=list')).toBe(true)
    expect(isSigned(`https://shop.example/filerobot/${TOKEN}/v4/key/info`)).toBe(false)
    expect(isSigned(`https://shop.example/filerobot/${TOKEN}/v4/files`)).toBe(true)
    // Not under the API's base: a path of the site.
    expect(isSigned('https://shop.example/a/key/b')).toBe(true)
  })

  it('whatever is not at an allowed origin by https (rule 11)', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true }), address => {
        const { origin, protocol } = new URL(address)
        const isAllowed = protocol === 'https:' && [API, CDN].includes(origin)
        expect(isToBeSigned(request({ url: address }), rule)).toBe(isAllowed)
      }),
    )
  })
})

describe('the request in which the key is sent', () => {
  it('is one with CORS in place of one without, with harmless headers and without cookies', () => {
    const headers = new Headers({ Accept: 'image/*', Range: 'bytes=0-', 'X-Of-The-Browser': '1' })
    const given = { mode: 'no-cors', headers, referrer: 'about:client', referrerPolicy: '' }
    expect(signableInit(given as unknown as Request)).toEqual({
      mode: 'cors',
      credentials: 'same-origin',
      headers: [
        ['Accept', 'image/*'],
        ['Range', 'bytes=0-'],
      ],
      integrity: '',
      referrer: 'about:client',
      referrerPolicy: '',
    })
  })

  it('is otherwise as the page has made it', () => {
    const given = { mode: 'cors', headers: new Headers(), referrer: 'https://shop.example/', referrerPolicy: 'origin' }
    expect(signableInit(given as unknown as Request)).toEqual({
      integrity: '',
      referrer: 'https://shop.example/',
      referrerPolicy: 'origin',
    })
  })
})
