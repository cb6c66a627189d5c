/**
 * Follows the page's life: shown again, also out of the back/forward cache, on line again, seen or hidden. Does nothing
 * in Node, and nothing when it is called once more.
 */
export function watchPage(listener: (event: Event) => void, ending: AbortSignal): void {
  for (const type of ['pageshow', 'online', 'visibilitychange']) {
    globalThis.addEventListener?.(type, listener, { signal: ending })
  }
}

/** Whether somebody may be looking. Outside a page: yes. */
export const isVisible = () => globalThis.document?.visibilityState !== 'hidden'
