import { createHmac, timingSafeEqual } from 'node:crypto'

/** A claim's value: text, or a list. */
export type ClaimValue = string | string[]

/** Claims in the order in which they stand in the key. */
export type Claims = [name: string, value: ClaimValue][]

const PREFIX = 'SASS__v1.05__'
const BETWEEN_CLAIMS = '\t'
const LIST_START = '\x1b'
const BETWEEN_ITEMS = '\x1c'

const reversed = (text: string) => Array.from(text).reduceRight((all, char) => all + char, '')

/** Claims as the middle part of a key: base64 without padding, its characters reversed. */
export function encodePayload(claims: Claims): string {
  const text = claims
    .map(([name, value]) => `${name}:${Array.isArray(value) ? LIST_START + value.join(BETWEEN_ITEMS) : value}`)
    .join(BETWEEN_CLAIMS)
  return reversed(Buffer.from(text).toString('base64').replace(/=+$/, ''))
}

/** The claims of a payload, or `undefined` where it is not one. */
export function decodePayload(payload: string): Claims | undefined {
  if (!/^[A-Za-z0-9+/]+$/.test(payload)) return undefined
  const text = Buffer.from(reversed(payload), 'base64').toString()
  const claims: Claims = []
  for (const part of text.split(BETWEEN_CLAIMS)) {
    const [, name, value] = /^(\w+):(.*)$/s.exec(part) ?? []
    if (name === undefined || value === undefined) return undefined
    if (value.startsWith(LIST_START)) claims.push([name, value.length > 1 ? value.slice(1).split(BETWEEN_ITEMS) : []])
    else claims.push([name, value])
  }
  return claims
}

/** Splits a key; `undefined` where it has not the form of one. The suffix may be empty, as it is in a published key. */
export function splitKey(key: string): { payload: string; suffix: string } | undefined {
  const [, payload, suffix] = /^SASS__v1\.05__([A-Za-z0-9+/]+)__([0-9a-f]*)$/.exec(key) ?? []
  return payload === undefined || suffix === undefined ? undefined : { payload, suffix }
}

const signature = (payload: string, secret: string) => createHmac('sha256', secret).update(payload).digest('hex')

/** A whole key. The vendor's algorithm is unknown: HMAC-SHA-256 stands in, since it too ends in lower-case hex. */
export const signKey = (payload: string, secret: string) => `${PREFIX}${payload}__${signature(payload, secret)}`

/** A key with an empty suffix, as one of the published ones has it. */
export const unsignedKey = (payload: string) => `${PREFIX}${payload}__`

/** Whether `key` was made by {@link signKey} with this secret and not changed since. */
export function isSignedWith(key: string, secret: string): boolean {
  const parts = splitKey(key)
  if (!parts) return false
  const expected = Buffer.from(signature(parts.payload, secret))
  const found = Buffer.from(parts.suffix)
  return expected.length === found.length && timingSafeEqual(expected, found)
}
