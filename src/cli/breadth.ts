import type { KeyClaims } from '../types.js'
import { isEverywhere } from './folders.js'
import { isChanging, permissionWords } from './permissions.js'
import { span } from './time-words.js'

/** What `check` knows about a key that was given. */
export interface KeyFacts {
  /** Left out where the key cannot be decoded. */
  readonly claims?: KeyClaims | undefined
  /** By name, where the service told them. */
  readonly permissions?: readonly string[] | undefined
  readonly lifetimeSeconds: number
}

/** Something that whoever opens the page could do with the key, and perhaps should not. */
export interface Breadth {
  readonly about: 'permissions' | 'uploads' | 'listing' | 'lifetime' | 'contents'
  /** What is so, and what to do about it. */
  readonly message: string
}

/** Three times the service's own lifetime. Keys are renewed by themselves, so a long one gains a visitor nothing. */
const LONG_SECONDS = 3600

/** What looks too broad for a key that everybody gets who opens the page. */
export function tooBroad({ claims, permissions, lifetimeSeconds }: KeyFacts): Breadth[] {
  const found: Breadth[] = []
  const add = (about: Breadth['about'], message: string) => void found.push({ about, message })
  const isKnownNotTo = (permission: string) => permissions !== undefined && !permissions.includes(permission)
  const ifPermitted = permissions ? '' : ', if it is permitted at all'

  const changing = permissions?.filter(isChanging) ?? []
  if (changing.length > 0) {
    const words = changing.map(permissionWords).join(', ')
    add('permissions', `Whoever opens the page may ${words}. Take out what the page does not need.`)
  }
  if (lifetimeSeconds > LONG_SECONDS) {
    add(
      'lifetime',
      `Whoever copies a key may use it for ${span(lifetimeSeconds)}. Keys are renewed by themselves: 20 min will do.`,
    )
  }
  if (!claims) {
    add('contents', 'What the key allows cannot be read out of it, so this could not be looked at.')
    return found
  }
  if (!isKnownNotTo('FILE_UPLOAD')) {
    const { uploadFolders, maxUploads, maxUploadsPerMinute, maxUploadsPerIp } = claims
    if (isEverywhere(uploadFolders)) {
      add('uploads', `No folder limits uploading${ifPermitted}. Name one that nothing else is in, such as /inbox.`)
    }
    if (maxUploads === undefined && maxUploadsPerMinute === undefined && maxUploadsPerIp === undefined) {
      add('uploads', `No number limits uploading${ifPermitted}. Set how many files a minute, and in total.`)
    }
  }
  if (!isKnownNotTo('OBJECTS_LIST') && isEverywhere(claims.listFolders)) {
    add('listing', `No folder limits listing${ifPermitted}. Name those whose files the page shows.`)
  }
  return found
}
