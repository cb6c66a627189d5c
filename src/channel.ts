/**
 * Opens the channel on which tabs of this browser profile tell each other that a record has changed. A message is a
 * hint, and no more: who hears it reads storage. An open channel keeps a page out of the back/forward cache.
 */
export function openChannel(onHint: (recordId: unknown) => void): BroadcastChannel | undefined {
  if (!globalThis.BroadcastChannel) return
  const channel = new BroadcastChannel('filerobot-widget-auth')
  channel.onmessage = ({ data }) => onHint(data)
  return channel
}
