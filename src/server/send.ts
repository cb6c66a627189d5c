/**
 * A `fetch` for servers: cookies and the referrer, of which a browser is told, mean nothing here. `no-store` stays where
 * it is known, for a framework whose `fetch` keeps answers by itself would give the first key again and again.
 *
 * @param own the site's own, instead of the global one, which is looked up at each call
 */
export const sendFromServer =
  (own: typeof globalThis.fetch | undefined): typeof globalThis.fetch =>
  async (input, init) => {
    const send = own ?? globalThis.fetch
    const { signal = null } = init ?? {}
    return send(input, isCacheKnown(input) ? { signal, cache: 'no-store' } : { signal })
  }

/** Cloudflare's runtime with a compatibility date before November 2024 throws at it. */
function isCacheKnown(input: RequestInfo | URL): boolean {
  try {
    return !!new Request(input, { cache: 'no-store' })
  } catch {
    return false
  }
}
