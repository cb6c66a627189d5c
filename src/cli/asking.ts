import { createAuth } from '../auth.js'
import { readJson } from '../body.js'
import { type AuthError, isAuthError } from '../errors.js'
import type { AccessKey } from '../types.js'
import { own } from '../untrusted.js'

/** Of which project and template a key is asked for, and where. */
export interface Place {
  readonly token: string
  readonly templateId: string
  /** Without a slash at the end. */
  readonly apiBase: string
}

/** What the service answered. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  /** The header `Date`, where there is a date in it. */
  readonly dateMs?: number | undefined
  /** `undefined` where it is no JSON, or larger than 64 kB. */
  readonly body: unknown
}

/** One key request, from its start to what came of it: a key, or an error. */
export interface Asked {
  readonly startedAtMs: number
  readonly answeredAtMs: number
  readonly answer?: Answer | undefined
  readonly key?: AccessKey | undefined
  readonly error?: AuthError | undefined
  /** Why there was no answer, in the system's own word, as `ENOTFOUND`. */
  readonly causeCode?: string | undefined
}

/** Asks for one key, as the library asks in a page: the same request, the same judgement of what comes. */
export async function askForKey(place: Place, timeoutMs: number): Promise<Asked> {
  let startedAtMs = Date.now()
  let answeredAtMs = startedAtMs
  let answer: Answer | undefined
  let causeCode: string | undefined

  const observedFetch: typeof fetch = async (input, init) => {
    startedAtMs = Date.now()
    try {
      const response = await fetch(input, init)
      answeredAtMs = Date.now()
      answer = await readAnswer(response.clone())
      return response
    } catch (error) {
      causeCode = systemCode(error)
      throw error
    }
  }

  const auth = createAuth({ ...place, storage: 'memory', fetch: observedFetch, timeoutMs, maxWaitMs: 0 })
  try {
    const key = await auth.getKey()
    return { startedAtMs, answeredAtMs, answer, key }
  } catch (error) {
    if (!isAuthError(error)) throw error
    return { startedAtMs, answeredAtMs, answer, error, causeCode }
  } finally {
    auth.dispose()
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  const dateMs = Date.parse(headers.get('Date') ?? '')
  return {
    status,
    contentType: headers.get('Content-Type') ?? '',
    ...(Number.isFinite(dateMs) && { dateMs }),
    body: await readJson(response),
  }
}

/** Node's fetch says "fetch failed"; why is in the code of its cause. Nothing else of it is kept: it may quote a key. */
export function systemCode(error: unknown): string | undefined {
  const cause = (error as { cause?: unknown } | null)?.cause
  const code = own(cause, 'code') ?? own(own(own(cause, 'errors'), '0'), 'code')
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined
}

/**
 * Asks the service for the names of a key's permissions. The key goes into the request's address, as the vendor's
 * uploader sends it: another way is not known.
 *
 * @returns the answer's body; `undefined` where there was none, or no JSON
 */
export async function askForPermissions(
  { apiBase, token }: Place,
  key: string,
  timeoutMs: number,
): Promise<{ body: unknown }> {
  const url = `${apiBase}/${token}/v4/key/info?key=${encodeURIComponent(key)}`
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    return { body: await readJson(response) }
  } catch {
    return { body: undefined }
  }
}
