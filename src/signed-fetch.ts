import type { Client } from './client.js'
import type { SignedInit } from './connectable.js'
import { AuthError } from './errors.js'
import type { Happening } from './host.js'
import { invalid, type Settings } from './options.js'
import { isSecureUrl } from './origin.js'
import { readRefusal } from './refusal.js'
import type { Auth } from './types.js'

/**
 * A request with the key, and the key.
 *
 * @throws {AuthError} `invalid_options` or `origin_not_allowed`, before anything is asked for; and as `getKey`
 */
export async function sign(
  settings: Settings,
  getKey: Auth['getKey'],
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  redirect: RequestRedirect,
): Promise<[Request, key: string]> {
  let request: Request | undefined
  try {
    request = new Request(input, { ...init, redirect })
  } catch {
    // The engine's own error is kept back: it may quote a header's value or the URL.
  }
  // An engine that cannot send a stream makes of it the text "[object ReadableStream]", and so another body.
  if (!request || request.mode === 'no-cors' || (isStream(init) && request.body !== init?.body)) {
    throw invalid('request', 'a URL, mode and body for a header')
  }
  const url = new URL(request.url)
  if (!isSecureUrl(url) || !settings.allowedOrigins.includes(url.origin)) {
    throw notAllowed(`add ${url.origin} to allowedOrigins`)
  }
  const { value } = await getKey({ signal: request.signal })
  request.headers.set('X-Filerobot-Key', value)
  return [request, value]
}

/** `Auth.fetch`. */
export async function signedFetch(
  settings: Settings,
  getKey: Auth['getKey'],
  client: Client,
  emit: (event: Happening) => void,
  input: RequestInfo | URL,
  init?: SignedInit,
): Promise<Response> {
  // A `Request` can be read once, so the second try needs its own. All else is built anew from what it is made of.
  let spare = input
  try {
    spare = (input as Request).clone()
  } catch {
    // It is none; or its body was read, and then it cannot be sent.
  }
  for (let isLast = isStream(init); ; isLast = true) {
    // A browser drops `Authorization` when a redirect leaves the origin, but not a header of ours.
    const [request, key] = await sign(settings, getKey, input, init, 'manual')
    const send = init?.send ?? settings.fetch ?? fetch
    let response: Response
    let refusal: string | undefined
    try {
      response = await send(request)
      refusal = await readRefusal(response)
    } catch {
      request.signal.throwIfAborted()
      throw new AuthError('network')
    }
    const { status } = response
    // A browser hides a redirect behind the status 0, Node shows it.
    if (/^(0|30[12378])$/.test(`${status}`)) {
      throw notAllowed('redirected')
    }
    await client.judge(key, status, refusal)
    if (!refusal || isLast) return response
    emit({ type: 'resend', status })
    input = spare
  }
}

const notAllowed = (message: string) => new AuthError('origin_not_allowed', message)

/** A stream goes once. */
const isStream = (init?: RequestInit) => init?.body instanceof ReadableStream
