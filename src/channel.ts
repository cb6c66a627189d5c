/**
 * Hears from other tabs of this browser profile that a record has changed, and tells them. A message is a hint, and no
 * more: who hears it reads storage. When the page is left the channel is closed, because an open one keeps a page out of
 * the back/forward cache.
 *
 * @returns from its first call on hints are heard; `hasChanged` tells the others. Does nothing in Node.
 */
export function createHints(
  recordId: string,
  ending: AbortSignal,
  onHint: () => unknown,
): (hasChanged?: boolean) => void {
  let channel: BroadcastChannel | undefined
  // A closed one stays in its place, so that nothing that is still under way opens another before the page is back.
  const close = () => channel?.close()
  const reset = () => {
    channel = close() as undefined
  }
  let isDue: boolean | undefined
  let looking: unknown
  const hear = async () => {
    // However many come while one is looked into: one look more is enough.
    if (isDue) return
    isDue = true
    await looking
    isDue = false
    looking = onHint()
  }
  return hasChanged => {
    // In Node, which has no events of its own, it would keep the process alive.
    if (!globalThis.addEventListener || ending.aborted) return
    try {
      if (!channel) {
        channel = new BroadcastChannel(recordId)
        channel.onmessage = hear
        addEventListener('pagehide', close, { signal: ending })
        addEventListener('pageshow', reset, { signal: ending })
        ending.addEventListener('abort', close)
      }
      if (hasChanged) channel.postMessage(0)
    } catch {
      // There are none here, or they are forbidden, in a sandboxed frame for example.
    }
  }
}
