import { expect } from 'vitest'
import { type Emulator, SEED } from '../demo/emulator/index.ts'

/** The uploader's own call, and the only URL that may ever hold a key. */
export const keyInfo = `/${SEED.token}/v4/key/info?key=`

/** A photo of the seed that no one sees without a key. */
export const privatePhoto = '/photos/night-ridge.png'

/** Where the emulator delivers a file. */
export const addressOf = (apiOrigin: string, path: string) => `${apiOrigin}/cdn/${SEED.token}${path}`

/** A file as the service delivers it to somebody who may see everything. */
export async function delivered(apiOrigin: string, path: string) {
  const response = await fetch(addressOf(apiOrigin, path), { headers: { 'X-Filerobot-Key': SEED.secretKey } })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, type: response.headers.get('content-type'), bytes }
}

/**
 * What holds for every page with widgets: one key request in all, the key in the header of each API request, in no URL
 * but those that begin with `urlsWithKey`, and nothing asked of another host.
 *
 * @param urls what the page asked for
 */
export function expectSignedTraffic({ log }: Emulator, urls: string[], urlsWithKey: string[] = []): void {
  const hosts = new Set(urls.map(url => new URL(url).hostname))
  expect([...hosts].filter(host => !/(^|\.)localhost$/.test(host) && host !== '127.0.0.1')).toEqual([])

  const withKey = urls.filter(url => url.includes('SASS_'))
  expect(withKey.map(url => url.slice(new URL(url).origin.length).replace(/SASS_.*/, ''))).toEqual(urlsWithKey)

  // A preflight has its request's URL, but no header.
  const answered = log.filter(({ method }) => method !== 'OPTIONS')
  expect(answered.filter(({ keyIn }) => keyIn === 'url' || keyIn === 'both')).toHaveLength(urlsWithKey.length)
  expect(answered.filter(({ kind }) => kind === 'key')).toHaveLength(1)
  const unsigned = answered.filter(({ path, kind, keyIn }) => {
    return path.startsWith(`/${SEED.token}/v`) && kind !== 'key_info' && keyIn !== 'header'
  })
  expect(unsigned.map(({ path }) => path)).toEqual([])
}
