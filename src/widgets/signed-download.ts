import { AuthError } from '../errors.js'
import type { Auth } from '../types.js'

/** How a download may end early. */
export interface DownloadOptions {
  /** How long one download may take, its body included. @default 30_000 */
  timeoutMs?: number | undefined
  /** Aborting rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
}

/**
 * The body of what `url` names, asked for with the key.
 *
 * @throws {AuthError} `server` with the status for an answer other than 2xx; `timeout`; and as `auth.fetch`
 */
export async function download(auth: Auth, url: string, options: DownloadOptions): Promise<Blob> {
  // `AbortSignal.any` and `AbortSignal.timeout` are younger than the browsers that are supported.
  const { timeoutMs = 30_000, signal } = options
  const aborter = new AbortController()
  const abort = () => aborter.abort(signal?.reason)
  signal?.addEventListener('abort', abort)
  const timer = setTimeout(() => {
    aborter.abort(new AuthError('timeout', `${withoutQuery(url)} did not arrive within ${timeoutMs} ms`))
  }, timeoutMs)
  try {
    if (signal?.aborted) abort()
    aborter.signal.throwIfAborted()
    const response = await auth.fetch(url, { signal: aborter.signal })
    if (!response.ok) {
      const { status } = response
      throw new AuthError('server', `${withoutQuery(url)} was answered with ${status}`, { status })
    }
    const body = await response.blob()
    aborter.signal.throwIfAborted()
    return body
  } catch (error) {
    throw aborter.signal.aborted ? aborter.signal.reason : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** A URL that may be shown in an error. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*/s, '')
}
