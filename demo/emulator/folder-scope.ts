import { Refusal } from './refusal.ts'

/** `'photos//2024/'` → `'/photos/2024'`; the root is `'/'`. Dot segments are refused: they could leave a scope. */
export function normalFolder(path: string): string {
  const segments = path.split('/').filter(Boolean)
  if (segments.some(segment => segment === '.' || segment === '..' || /\p{Cc}/u.test(segment)))
    throw new Refusal(400, 'ERR_FOLDER_INVALID', 'This is not a folder path', 'Dot segments are not allowed')
  return `/${segments.join('/')}`
}

/** Whether `path` lies somewhere below `folder`. */
export const isBelow = (path: string, folder: string) =>
  path !== folder && path.startsWith(folder === '/' ? '/' : `${folder}/`)

export const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/'

export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1) || '/'

/** Whether a scope lets `folder` in: `/a` means that folder, `/a/*` its sub-folders too, an empty scope everything. */
export function isInScope(folder: string, scope: readonly string[]): boolean {
  if (scope.length === 0) return true
  return scope.some(entry => {
    if (!entry.endsWith('/*')) return folder === normalFolder(entry)
    const base = normalFolder(entry.slice(0, -1))
    return folder === base || isBelow(folder, base)
  })
}
