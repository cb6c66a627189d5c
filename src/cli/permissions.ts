/**
 * The permissions that the vendor's documentation names. Which bit of a key's mask stands for which is not published,
 * so a mask alone cannot be put into words.
 */
const WORDS: Record<string, string> = {
  OBJECTS_LIST: 'list files',
  OBJECTS_FETCH: 'fetch files',
  FILE_UPLOAD: 'upload files',
  FILE_META_CREATE: 'describe new files',
  FILE_META_CHANGE: 'change what describes files',
  FILE_RENAME: 'rename files',
  FILE_MOVE: 'move files',
  FILE_DELETE: 'delete files',
  FILE_SET_VISIBILITY: 'make files public or private',
  DIR_CREATE: 'make folders',
  DIR_RENAME: 'rename folders',
  DIR_META_CHANGE: 'change what describes folders',
  DIR_MOVE: 'move folders',
  DIR_DELETE: 'delete folders',
  DIR_SET_VISIBILITY: 'make folders public or private',
  CONFIG_CHANGE: "change the project's configuration",
  CONFIG_LIST: "read the project's configuration",
}

/** They change or remove what is there already: more than showing, listing and adding. */
const CHANGING = /_(META_CHANGE|RENAME|MOVE|DELETE|SET_VISIBILITY)$|^CONFIG_CHANGE$/

/** A permission in words; its own name where the documentation does not have it. */
export const permissionWords = (name: string): string =>
  Object.hasOwn(WORDS, name) ? WORDS[name]! : `${name} (not documented)`

export const isChanging = (name: string): boolean => CHANGING.test(name)

/** Names of permissions in an answer of the service, or `undefined` where there is no list of them. */
export function permissionNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter(name => typeof name === 'string' && /^[\w.:-]{1,64}$/.test(name)) as string[]
}
