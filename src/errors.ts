/** Why something failed; see `docs/errors.md` for what each means to a visitor and what to do. */
export type AuthErrorCode =
  | 'invalid_options'
  | 'template_rejected'
  | 'rate_limited'
  | 'network'
  | 'timeout'
  | 'server'
  | 'malformed_response'
  | 'origin_not_allowed'
  | 'key_rejected'
  | 'disposed'

// A registered symbol is one and the same in every realm and in every copy of this library on a page; `instanceof` is not.
const BRAND = Symbol.for('filerobot-widget-auth.error')

/**
 * What every function of this library throws or rejects with. Its message says what is wrong and what to do.
 * It never holds a key, and has no `cause`: engines quote header values and bodies in their own errors.
 */
export class AuthError extends Error {
  /** What went wrong; made to be switched on. */
  declare readonly code: AuthErrorCode
  /** When another attempt may be made, in milliseconds since 1970, where that is known. */
  declare readonly retryAtMs?: number
  /** HTTP status of the answer that this error is about, where there was one. */
  declare readonly status?: number

  constructor(
    code: AuthErrorCode,
    message: string = code,
    { retryAtMs, status }: { retryAtMs?: number | undefined; status?: number | undefined } = {},
  ) {
    super(message)
    Object.assign(this, { name: 'AuthError', code, retryAtMs, status })
  }

  get [BRAND](): true {
    return true
  }
}

/** Whether `value` is an {@link AuthError}, also one from another realm or from another copy of this library. */
export function isAuthError(value: unknown): value is AuthError {
  return (value as Record<symbol, unknown> | null | undefined)?.[BRAND] === true
}
