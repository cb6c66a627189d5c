import type { AuthError } from '../../errors.js'
import type { ListedFile } from './frame-order.js'

/** One picture of a spin. */
export interface Frame extends ListedFile {
  /** What the viewer is given instead of its address, where it was fetched with the key. */
  shown?: string | undefined
}

/** Whether an image comes and can be read, asked for as the viewer will: without the key. Aborted, it does not. */
export function comes(url: string, signal: AbortSignal): Promise<boolean> {
  const image = new Image()
  image.crossOrigin = 'anonymous'
  image.src = url
  // An image that nobody waits for any more would keep its connection.
  signal.addEventListener('abort', () => image.removeAttribute('src'))
  return image.decode().then(
    () => true,
    () => false,
  )
}

/**
 * Loads frames in order, at most six at a time. One that is missing keeps its plain URL: the viewer then says so by
 * `onError`, and goes on.
 *
 * @param onFrame called for each frame that came, or is missing
 * @throws what concerns every frame: no key, or an origin that it may not go to
 */
export async function loadInOrder(
  frames: readonly Frame[],
  load: (frame: Frame) => Promise<void>,
  onFrame: () => void,
): Promise<void> {
  const queue = frames.values()
  const lane = async () => {
    for (const frame of queue) {
      await load(frame).catch((error: Partial<AuthError> | undefined) => {
        // With `retryAtMs` it is the key that cannot be had.
        if (error?.retryAtMs || !/server|timeout|network/.test(error?.code as string)) throw error
      })
      onFrame()
    }
  }
  await Promise.all(Array.from({ length: 6 }, lane))
}
