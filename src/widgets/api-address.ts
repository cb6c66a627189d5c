import type { ConnectableAuth } from '../connectable.js'
import { invalid, readOptions } from '../options.js'
import type { Auth } from '../types.js'

/** Where the API is, and whose project it is. An auth of `createAuth` knows both. */
export interface ApiAddress {
  /** Project token, for example `'fusqadtm'`. @default the auth's */
  token?: string | undefined
  /** Origin, and path if any, of the API. @default the auth's */
  apiBase?: string | undefined
}

/** The address of a folder's files: `GET` lists them, `POST` adds one. */
export function folderAddress(auth: Auth, given: ApiAddress, folder: string): string {
  const { project } = auth as ConnectableAuth
  const { token = project?.token ?? '', apiBase = project?.apiBase } = given
  // Read as `createAuth` reads them. Who gives the key is not asked for here.
  const settings = readOptions({ token, apiBase, requestKey: async () => '' }, undefined)
  if (folder?.[0] !== '/') throw invalid('folder', 'a path from /')
  return `${settings.apiBase}/${token}/v4/files?folder=${encodeURIComponent(folder)}`
}
