/**
 * The object URLs of a spin's frames, and when they go.
 *
 * - `add` returns a URL that shows `frame` in the viewer; none for a frame that comes when the memory was freed.
 * - `handOver`: from now on the viewer may come. Returns what frees the memory as soon as no viewer of these frames is
 *   shown.
 * - `free` frees the memory now.
 */
export type FrameMemory = [add: (frame: Blob) => string | undefined, handOver: () => () => void, free: () => void]

/**
 * Keeps frames for as long as a viewer may ask for them: its first zoom loads each again, and so it does after it gave
 * its own copies up for a page in the background.
 *
 * Whether `container` shows a viewer is seen by what every viewer draws on, and told by none: so it does not matter who
 * destroys it and how, and `CI360.updateView`, which destroys one and makes another of the same frames, is no end.
 *
 * @param onGone called when the viewer went, or the container left the document; the memory was freed
 */
export function frameMemory(container: Element | null | undefined, onGone: () => void): FrameMemory {
  let objectUrls: string[] | undefined = []
  let observer: MutationObserver | undefined
  let wasConnected = false
  let isReleased = false
  /** What is drawn on as the viewer may come: by the one that it replaces, for example. */
  let other: Element | null | undefined
  /** What the viewer draws on, or did. Of frames that were released the next viewer in this place is not one. */
  let canvas: Element | undefined

  const free = () => {
    observer?.disconnect()
    objectUrls?.forEach(url => URL.revokeObjectURL(url))
    objectUrls = undefined
  }
  const look = () => {
    const found = container?.querySelector('canvas')
    if (found && other !== undefined && found !== other) canvas = found
    const isShown = isReleased && canvas ? container?.contains(canvas) : container?.querySelector('canvas, img')
    const isConnected = !!container?.isConnected
    wasConnected ||= isConnected
    // Before it draws, a viewer shows an image. Without either nobody knows whether it is still to come.
    if (isConnected === wasConnected && (isShown || !(isReleased || canvas))) return
    free()
    onGone()
  }
  if (container) {
    observer = new MutationObserver(look)
    // A document's observer does not see into shadow trees.
    observer.observe(container.getRootNode(), { childList: true, subtree: true })
    observer.observe(document, { childList: true, subtree: true })
    look()
  }

  const add = (frame: Blob) => {
    if (!objectUrls) return
    const url = URL.createObjectURL(frame)
    objectUrls.push(url)
    // The viewer appends `?width=…`, which makes another, unknown blob URL unless it lands in a fragment.
    return `${url}#`
  }
  const handOver = () => {
    other = container?.querySelector('canvas') ?? null
    return () => {
      isReleased = true
      look()
    }
  }
  return [add, handOver, free]
}
