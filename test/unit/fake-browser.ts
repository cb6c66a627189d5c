import { vi } from 'vitest'

/**
 * The BroadcastChannels of a browser profile. A message comes in a task of its own, as a browser's does, to all other
 * open channels of that name.
 */
export function fakeAirwaves() {
  const open = new Set<FakeChannel>()
  /** Everything that was said, in order. */
  const said: unknown[] = []

  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | undefined
    readonly name: string

    constructor(name: string) {
      this.name = name
      open.add(this)
    }

    postMessage(data: unknown): void {
      if (!open.has(this)) throw new DOMException('Channel is closed', 'InvalidStateError')
      said.push(data)
      say(data, this)
    }

    close(): void {
      open.delete(this)
    }
  }

  const say = (data: unknown, sender?: FakeChannel): void => {
    for (const channel of open) {
      if (channel === sender || (sender && channel.name !== sender.name)) continue
      const copy: unknown = structuredClone(data)
      setImmediate(() => open.has(channel) && channel.onmessage?.({ data: copy }))
    }
  }

  vi.stubGlobal('BroadcastChannel', FakeChannel)
  return {
    said,
    openCount: () => open.size,
    /** Some other script of the origin speaks on every channel. */
    forge: (data: unknown) => say(data),
  }
}

/** Shows the page, or hides it, as another tab in front of it does. */
export function showPage(isShown: boolean): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(isShown ? 'visible' : 'hidden')
  dispatchEvent(new Event('visibilitychange'))
}

/** Something that happens to the page: `pagehide`, `pageshow`, `online`. */
export const happen = (type: string) => void dispatchEvent(new Event(type))
