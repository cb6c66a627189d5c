import type { KeyClaims } from '../../src/types.ts'
import { counted, spanWords } from './time-words.ts'

/** One thing that a key allows or limits, in plain words. */
export interface Allowance {
  about: string
  words: string
}

const SUB_FOLDERS = /\/\*$/

/**
 * What a key says of itself, as its owner would say it.
 *
 * @param permissions by name, where the page knows them: in the key they are a mask whose bits nobody published
 */
export function allowances(claims: KeyClaims, permissions?: readonly string[]): Allowance[] {
  const lines: Allowance[] = [
    { about: 'Uploads', words: `To ${foldersInWords(claims.uploadFolders)}${uploadLimits(claims)}` },
    { about: 'Listing', words: `May list ${foldersInWords(claims.listFolders)}` },
  ]
  if (claims.ageSeconds !== undefined)
    lines.push({ about: 'Validity', words: `Valid for ${spanWords(claims.ageSeconds)}` })
  lines.push(
    {
      about: 'Addresses',
      words: claims.allowedIps.length > 0 ? `Only from ${listed(claims.allowedIps)}` : 'From any IP address',
    },
    {
      about: 'Countries',
      words: claims.allowedCountries.length > 0 ? `Only from ${listed(claims.allowedCountries)}` : 'From any country',
    },
  )
  if (permissions?.length) lines.push({ about: 'Permissions', words: permissionWords(permissions) })
  else if (claims.permissions !== undefined) {
    lines.push({ about: 'Permissions', words: `Mask 0x${claims.permissions.toString(16)}, read by the service alone` })
  }
  return lines
}

/**
 * A folder that the key may list, for a request that ought to succeed.
 *
 * @param usual where the key sets no limit
 */
export function folderToList(claims: KeyClaims | undefined, usual = '/'): string {
  const scope = claims?.listFolders[0]
  return scope === undefined || scope === '/*' ? usual : folderOf(scope)
}

function folderOf(scope: string): string {
  return scope.replace(SUB_FOLDERS, '') || '/'
}

function foldersInWords(scopes: string[]): string {
  if (scopes.length === 0 || scopes.includes('/*')) return 'every folder'
  return listed(
    scopes.map(scope => (SUB_FOLDERS.test(scope) ? `${folderOf(scope)} and its sub-folders` : `${scope} alone`)),
  )
}

/** `OBJECTS_LIST`, `FILE_UPLOAD` as "Objects list, file upload". */
function permissionWords(permissions: readonly string[]): string {
  const words = permissions.map(name => name.toLowerCase().replaceAll('_', ' ')).join(', ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function uploadLimits(claims: KeyClaims): string {
  const limits = []
  if (claims.maxUploads) limits.push(`${counted(claims.maxUploads, 'file')} in all`)
  if (claims.maxUploadsPerMinute) limits.push(`${claims.maxUploadsPerMinute} a minute`)
  if (claims.maxUploadsPerIp) limits.push(`${claims.maxUploadsPerIp} an address`)
  return limits.length > 0 ? `; at most ${listed(limits)}` : ''
}

const list = new Intl.ListFormat('en', { type: 'conjunction' })

function listed(items: string[]): string {
  return list.format(items)
}
