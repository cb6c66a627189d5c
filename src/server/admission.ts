import { neverStored, refusalAnswer } from './answer.js'

/** Whether who asks may have the key: `true` alone means yes; a `Response` is sent instead of a plain 401. */
export type Authorize = (request: Request) => boolean | Response | Promise<boolean | Response>

const ALLOW = 'GET, HEAD, OPTIONS'

/**
 * Whether a page of another origin asks, as far as its browser tells. `Sec-Fetch-Site` is believed first: behind a proxy
 * the request's URL need not be the one that the page has asked for. Where it is absent, a browser sends `Origin` with a
 * GET to another origin only.
 */
function isFromElsewhere({ headers, url }: Request): boolean {
  const site = headers.get('Sec-Fetch-Site')
  const origin = headers.get('Origin')
  return site ? /^(cross|same)-site$/.test(site) : !!origin && origin !== new URL(url).origin
}

/**
 * Answers a request that is not to get a key.
 *
 * @param isAllowedPage whether it comes from a page of one of the other origins that may ask
 * @returns nothing where it is to get one
 */
export async function refuse(
  request: Request,
  isAllowedPage: boolean,
  authorize: Authorize | 'everyone',
): Promise<Response | undefined> {
  const { method } = request
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: ALLOW } })
  if (method !== 'GET' && method !== 'HEAD') {
    return refusalAnswer(405, 'method_not_allowed', 'A key is asked for by GET', { Allow: ALLOW })
  }
  if (isFromElsewhere(request) && !isAllowedPage) {
    return refusalAnswer(403, 'origin_not_allowed', 'Pages of other origins may not ask: see allowedOrigins')
  }
  if (authorize === 'everyone') return
  try {
    const verdict = await authorize(request)
    if (verdict === true) return
    // By its looks: an adapter may have put another `Response` in the global one's place. And only the types promise more
    // than nothing.
    if ((verdict as Response | null | undefined)?.headers) return neverStored(verdict as Response)
    // `createAuth` takes a 403 for the limit where it had a key lately.
    return refusalAnswer(401, 'unauthorized', 'This visitor may not have a key')
  } catch (error) {
    console.error(error)
    return refusalAnswer(500, 'authorize_failed', 'Whether this visitor may have a key cannot be told at the moment')
  }
}
