/** The permissions that the vendor's documentation names. */
export type Permission =
  | 'OBJECTS_LIST'
  | 'OBJECTS_FETCH'
  | 'FILE_UPLOAD'
  | 'FILE_META_CREATE'
  | 'FILE_META_CHANGE'
  | 'FILE_RENAME'
  | 'FILE_MOVE'
  | 'FILE_DELETE'
  | 'FILE_SET_VISIBILITY'
  | 'DIR_CREATE'
  | 'DIR_RENAME'
  | 'DIR_META_CHANGE'
  | 'DIR_MOVE'
  | 'DIR_DELETE'
  | 'DIR_SET_VISIBILITY'
  | 'CONFIG_CHANGE'
  | 'CONFIG_LIST'

/**
 * The bit of each in the claim `p`.
 *
 * The positions are a guess: the only published mask is `1`, of a template made for listing. They are spread over all
 * 64 bits on purpose, so that a reader who takes `p` for a JavaScript number is found out.
 */
const BITS: Record<Permission, bigint> = {
  OBJECTS_LIST: 0n,
  OBJECTS_FETCH: 1n,
  FILE_UPLOAD: 2n,
  FILE_META_CREATE: 3n,
  FILE_META_CHANGE: 4n,
  FILE_RENAME: 5n,
  FILE_MOVE: 6n,
  FILE_DELETE: 7n,
  FILE_SET_VISIBILITY: 8n,
  DIR_CREATE: 32n,
  DIR_RENAME: 33n,
  DIR_META_CHANGE: 34n,
  DIR_MOVE: 35n,
  DIR_DELETE: 36n,
  DIR_SET_VISIBILITY: 37n,
  CONFIG_CHANGE: 62n,
  CONFIG_LIST: 63n,
}

export const PERMISSIONS = Object.keys(BITS) as Permission[]

export const isPermission = (value: unknown): value is Permission =>
  typeof value === 'string' && Object.hasOwn(BITS, value)

/** The mask that claim `p` holds. */
export const permissionMask = (permissions: readonly Permission[]): bigint =>
  permissions.reduce((mask, permission) => mask | (1n << BITS[permission]), 0n)
