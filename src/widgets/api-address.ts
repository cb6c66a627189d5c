import { AuthError } from '../errors.js'

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
  if (typeof api.token !== 'string' || !/^(?![\da-f]{32}$)[\w-]{1,64}$/i.test(api.token)) {
    throw invalid('token', 'must be the project token, for example "fusqadtm"; a secret key has no place in a browser')
  }
  const base = api.apiBase ?? 'https://api.filerobot.com'
  if (typeof base !== 'string' || !/^https?:\/\/./i.test(base))
    throw invalid('apiBase', 'must be an absolute http(s) URL')
  if (typeof folder !== 'string' || !folder.startsWith('/')) throw invalid('folder', "must begin with '/'")
  return `${base.replace(/\/+$/, '')}/${api.token}/v4/files?folder=${encodeURIComponent(folder)}`
}

/** An error that names the option. */
export function invalid(option: string, why: string): AuthError {
  return new AuthError('invalid_options', `Option "${option}" ${why}`)
}
