const EVENTS = ['pagehide', 'pageshow', 'online', 'visibilitychange']

/**
 * Follows the page's life: left, back again, on line again, seen or hidden. No `unload` handlers: they would keep the
 * page out of the back/forward cache. Does nothing in Node.
 */
export function watchPage(listener: (event: Event) => void, signal: AbortSignal): void {
  for (const type of EVENTS) globalThis.addEventListener?.(type, listener, { signal })
}

/** Whether somebody may be looking. Outside a page: yes. */
export const isVisible = () => globalThis.document?.visibilityState !== 'hidden'
