/** Hints to the other tabs of this browser profile. */
export interface Channel {
  /** Tells other tabs that a record has changed. A hint, and no more: who hears it reads storage. */
  post(recordId: string): void
  close(): void
}

/** Opens the channel. An open one keeps a page out of the back/forward cache. */
export function openChannel(onHint: (recordId: unknown) => void): Channel | undefined {
  try {
    const channel = new BroadcastChannel('filerobot-widget-auth')
    channel.onmessage = event => onHint(event.data)
    return { post: recordId => channel.postMessage(recordId), close: () => channel.close() }
  } catch {
    return
  }
}
