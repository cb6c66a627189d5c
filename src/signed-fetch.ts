import type { Client, Happening } from './client.js'
import { AuthError } from './errors.js'
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
  { allowedOrigins }: Settings,
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
  if (!request || request.mode === 'no-cors' || (isStream(init) && sendsStreamsAsText())) {
    throw invalid('request', 'a valid URL, method, headers, a mode but no-cors, and a body this browser can send')
  }
  const url = new URL(request.url)
  if (!isSecureUrl(url) || !allowedOrigins.includes(url.origin)) {
    throw notAllowed(`${url.protocol}//${url.host} is no https origin of allowedOrigins`)
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
  init?: RequestInit,
): Promise<Response> {
  const send = async (source: RequestInfo | URL) => {
    // A browser drops `Authorization` when a redirect leaves the origin, but not a header of ours.
    const [request, key] = await sign(settings, getKey, source, init, 'manual')
    const { fetch = globalThis.fetch } = settings
    const response = await fetch(request).catch(() => {
      request.signal.throwIfAborted()
      throw new AuthError('network')
    })
    const { status, type } = response
    // Node shows the redirect itself.
    if (type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(status)) {
      throw notAllowed('A redirect would take the key along: use its final URL')
    }
    const refusal = await readRefusal(response)
    await client.judge(key, status, refusal)
    return { response, refusal }
  }
  // A `Request` can be read once, so the second try needs its own. All else is built anew from what it is made of.
  const spare = typeof input === 'object' && 'clone' in input ? input.clone() : input
  const { response, refusal } = await send(input)
  if (!refusal || isStream(init)) return response
  emit({ type: 'resend', status: response.status })
  return (await send(spare)).response
}

const notAllowed = (message: string) => new AuthError('origin_not_allowed', undefined, message)

/** A stream goes once. */
const isStream = (init?: RequestInit) => init?.body instanceof ReadableStream

/** Whether this engine would send "[object ReadableStream]". */
const sendsStreamsAsText = () =>
  new Request('http://a', { method: 'POST', body: new ReadableStream(), duplex: 'half' } as RequestInit).headers.has(
    'Content-Type',
  )
