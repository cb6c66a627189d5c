/**
 * Hears from other tabs of this browser profile that a record has changed, and tells them. A message is a hint, and no
 * more: who hears it reads storage. When the page is left the channel is closed, because an open one keeps a page out of
 * the back/forward cache.
 *
 * @returns from its first call on hints are heard; `hasChanged` tells the others. Does nothing outside a page.
 */
export function createHints(
  recordId: string,
  ending: AbortSignal,
  onHint: () => unknown,
): (hasChanged?: boolean) => void {
  let channel: BroadcastChannel | undefined
  const close = () => {
    channel = channel?.close() as undefined
  }
  return hasChanged => {
    // Outside a page it would keep the process alive.
    if (!channel && !ending.aborted && globalThis.document) {
      channel = new BroadcastChannel('filerobot-widget-auth')
      channel.onmessage = ({ data }) => data === recordId && onHint()
      addEventListener('pagehide', close, { signal: ending })
      ending.addEventListener('abort', close)
    }
    if (hasChanged) channel?.postMessage(recordId)
  }
}
