import type { KeyClaims } from '../types.js'
import { folderWords, isEverywhere } from './folders.js'
import type { KeyReport } from './key-report.js'
import { permissionWords } from './permissions.js'
import { quoted } from './secrets.js'
import type { Row } from './terminal.js'
import { clockTime, span } from './time-words.js'

/** A key in words, a line for each thing that it tells. Nothing in it is a guess: what was not told is said to be so. */
export function keyRows(report: KeyReport, nowMs: number): Row[] {
  const { key, place, clock } = report
  const { claims } = key
  return [
    ['Template', templateRow(place.templateId, claims?.templateId)],
    ['Permissions', permissionsRow(report)],
    ...(claims ? claimRows(claims) : [['Contents', CANNOT_BE_READ] as const]),
    ['Expires', expiry(report, nowMs)],
    ['Clock', clock?.words ?? "the service's time was not told"],
  ]
}

function templateRow(asked: string, named = asked): string {
  return named.toLowerCase() === asked.toLowerCase() ? asked : `${asked}; the key names another, ${quoted(named)}`
}

const CANNOT_BE_READ = 'cannot be read out of this key: it has another layout than the published ones'

function permissionsRow({ permissions, permissionsAsked, key }: KeyReport): string {
  if (permissions) return permissions.length > 0 ? permissions.map(permissionWords).join(', ') : 'none'
  const mask = key.claims?.permissions
  const more = permissionsAsked ? 'key/info was asked and does not tell them' : '--ask-permissions asks the service'
  if (mask === undefined) return `not told; ${more}`
  const bits = Array.from({ length: 64 }, (_, bit) => bit).filter(bit => (mask >> BigInt(bit)) & 1n)
  const which = bits.length === 0 ? 'no bit' : bits.length === 1 ? `bit ${bits[0]}` : `bits ${bits.join(', ')}`
  return `not told by name; the key's mask has ${which}, and what a bit means is not published; ${more}`
}

function claimRows(claims: KeyClaims): Row[] {
  const rows: Row[] = [
    ['Uploads', `${folders(claims.uploadFolders, 'into')}; ${uploadLimits(claims)}`],
    ['Listing', folders(claims.listFolders, 'of')],
    ['API', listed(claims.domains) || 'not named'],
    ['Addresses', listed(claims.allowedIps) || 'not limited'],
    ['Countries', listed(claims.allowedCountries) || 'not limited'],
  ]
  const others = Object.keys(claims.other)
  if (others.length > 0) rows.push(['Besides', `${others.join(', ')}: not documented`])
  return rows
}

const listed = (items: readonly string[]) => items.map(quoted).join(', ')

function folders(names: readonly string[], preposition: string): string {
  if (isEverywhere(names)) return 'no folder limit'
  return `${preposition} ${names.map(name => quoted(folderWords(name))).join(', ')}`
}

function uploadLimits({ maxUploads, maxUploadsPerMinute, maxUploadsPerIp }: KeyClaims): string {
  const limits = [
    maxUploads !== undefined && `${maxUploads} in all`,
    maxUploadsPerMinute !== undefined && `${maxUploadsPerMinute} a minute`,
    maxUploadsPerIp !== undefined && `${maxUploadsPerIp} for an address`,
  ].filter(Boolean)
  return limits.length > 0 ? `at most ${limits.join(', ')}` : 'no limit to their number'
}

function expiry({ key, lifetimeSeconds, lifetimeToldBy }: KeyReport, nowMs: number): string {
  const when = `after ${span(lifetimeSeconds)}, at ${clockTime(key.expiresAtMs, nowMs)}`
  if (lifetimeToldBy === 'nobody') return `${when}: not told, so this is what the library takes`
  return `${when}, as the ${lifetimeToldBy} says`
}
