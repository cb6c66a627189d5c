export { createAuth } from './auth.js'
export { decodeAccessKey } from './claims.js'
export { AuthError, type AuthErrorCode, isAuthError } from './errors.js'
export type * from './types.js'
