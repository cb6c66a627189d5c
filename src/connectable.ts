import type { Happening } from './host.js'
import type { Auth, AuthOptions, AuthState } from './types.js'

/** What {@link ConnectableAuth.fetch} takes besides. */
export interface SignedInit extends RequestInit {
  /**
   * Sends the request instead of `fetch`, and once more where its key was refused. Resolves with `Response.error()` for a
   * redirect.
   */
  send?: ((request: Request) => Promise<Response>) | undefined
}

/**
 * What an {@link Auth} gives to the widget connections besides, for requests that they do not send themselves. Not
 * public: an auth that wraps another, or is a test's own, may lack it.
 */
export interface ConnectableAuth extends Auth {
  /** Of whose project the key is, and where its API is. */
  readonly project?: Pick<AuthOptions, 'token' | 'apiBase'>
  fetch(input: RequestInfo | URL, init?: SignedInit): Promise<Response>
  /** Tells `onEvent`. */
  emit(event: Happening): void
  /** `isLease`: the key is kept good in a hidden page too, for as long as an upload or a load is under way. */
  subscribe(listener: (state: AuthState) => void, isLease?: boolean): () => void
}
