import { AuthError } from '../errors.js'
import { race } from '../race.js'
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
export function download(auth: Auth, url: string, options: DownloadOptions): Promise<Blob> {
  const { timeoutMs = 30_000, signal } = options
  return race(
    async over => {
      const response = await auth.fetch(url, { signal: over })
      if (!response.ok) throw refused(url, response)
      return response.blob()
    },
    [signal],
    timeoutMs,
  )
}

/** The error of an answer that is not what was asked for. */
export function refused(url: string, { status }: Response): AuthError {
  return new AuthError('server', `${withoutQuery(url)}: HTTP ${status}`, { status })
}

/** A URL that may be shown in an error. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*/s, '')
}
