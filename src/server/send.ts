/**
 * A `fetch` for servers. Of what a browser is told, cookies and the referrer mean nothing here, and Cloudflare's runtime
 * throws at them. `no-store` has to stay where it is known: Next's `fetch` would give the first key for ever.
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

/** Cloudflare's runtime with a compatibility date before November 2024 knows nothing of it, and throws. */
function isCacheKnown(input: RequestInfo | URL): boolean {
  try {
    return !!new Request(input, { cache: 'no-store' })
  } catch {
    return false
  }
}
