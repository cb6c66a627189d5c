import type { KeyClaims } from './types.js'
import { own } from './untrusted.js'

/** What an access key looks like: the prefix, and printable ASCII up to 8,192 characters in all. */
export const ACCESS_KEY = /^SASS_[!-~]{4,8187}$/

// The names on the wire, and ours.
const NUMBERS = {
  st: 'startSeconds',
  age: 'ageSeconds',
  um: 'maxUploads',
  umpm: 'maxUploadsPerMinute',
  umip: 'maxUploadsPerIp',
} as const
const LISTS = {
  d: 'domains',
  udir: 'uploadFolders',
  ldir: 'listFolders',
  wip: 'allowedIps',
  wc: 'allowedCountries',
} as const

/**
 * Reads what an access key says of itself. Verifies nothing, never throws.
 *
 * The layout `SASS__v1.05__{payload}__{suffix}` is not documented: it was read out of keys that the vendor published.
 * The payload is base64 with its characters reversed; decoded it is `name:value` pairs between tabs, where a value
 * that begins with ESC is a list, its items between FS.
 *
 * @returns `undefined` for anything that does not have this layout; such a key may be a good key all the same
 * @example `decodeAccessKey(key.value)?.uploadFolders // ['/photos/*']`
 */
export function decodeAccessKey(key: string): KeyClaims | undefined {
  try {
    const bytes = atob([...key.split('__')[2]!].reverse().join(''))
    return toClaims(new TextDecoder().decode(Uint8Array.from(bytes, byte => byte.charCodeAt(0))))
  } catch {
    return
  }
}

/** @throws on a pair without a name: then this is no list of claims */
function toClaims(text: string): KeyClaims {
  const claims: KeyClaims = {
    domains: [],
    uploadFolders: [],
    listFolders: [],
    allowedIps: [],
    allowedCountries: [],
    // Without a prototype: a claim may be called `__proto__`.
    other: Object.create(null),
  }
  for (const pair of text.split('\t')) {
    const [, name, value] = /^(\w+):([^]*)/.exec(pair) as unknown as [string, string, string]
    const items = value.split(/[\u001B\u001C]/).filter(Boolean)
    const isNumber = /^\d{1,20}$/.test(value)
    const number = own(NUMBERS, name) as (typeof NUMBERS)['st'] | undefined
    const list = own(LISTS, name) as (typeof LISTS)['d'] | undefined
    if (list) claims[list].push(...items)
    else if (name === 'dir') {
      claims.uploadFolders.push(...items)
      claims.listFolders.push(...items)
    } else if (number && isNumber) claims[number] = +value
    else if (name === 'p' && isNumber) claims.permissions = BigInt(value)
    else if (name === 'sec' && items[0] === value) claims.templateId = value
    else claims.other[name] = value[0] === '\u001B' ? items : value
  }
  return claims
}
