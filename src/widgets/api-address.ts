import { invalid } from '../options.js'

/** Where the API is; the same two values that `createAuth` was given. */
export interface ApiAddress {
  /** Project token, for example `'fusqadtm'`. */
  token?: string | undefined
  /** Origin, and path if any, of the API. @default 'https://api.filerobot.com' */
  apiBase?: string | undefined
}

/** The address of a folder's files: `GET` lists them, `POST` adds one. */
export function folderAddress(api: ApiAddress, folder: string): string {
  // 32 hexadecimal digits are a secret key that was pasted into the wrong place; no message repeats a value.
  if (!/^(?![\da-f]{32}$)[\w-]{1,64}$/i.test(api.token ?? '')) {
    throw invalid('token', 'a project token')
  }
  const base = api.apiBase ?? 'https://api.filerobot.com'
  if (!/^https?:\/\/./i.test(base)) throw invalid('apiBase', 'an https URL')
  if (folder?.[0] !== '/') throw invalid('folder', 'a path from /')
  return `${base.replace(/\/+$/, '')}/${api.token}/v4/files?folder=${encodeURIComponent(folder)}`
}
