import { invalid, readOptions } from '../options.js'

/** Where the API is; the same two values that `createAuth` was given. */
export interface ApiAddress {
  /** Project token, for example `'fusqadtm'`. */
  token?: string | undefined
  /** Origin, and path if any, of the API. @default 'https://api.filerobot.com' */
  apiBase?: string | undefined
}

/** The address of a folder's files: `GET` lists them, `POST` adds one. */
export function folderAddress({ token = '', apiBase }: ApiAddress, folder: string): string {
  // Read as `createAuth` reads them. Who gives the key is not asked for here.
  const settings = readOptions({ token, apiBase, requestKey: async () => '' }, undefined)
  if (folder?.[0] !== '/') throw invalid('folder', 'a path from /')
  return `${settings.apiBase}/${token}/v4/files?folder=${encodeURIComponent(folder)}`
}
