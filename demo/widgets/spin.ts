import type { Auth } from '../../src/types.ts'
import { connectSpin, type SpinProgress } from '../../src/widgets/index.ts'

/** What {@link mountSpin} takes. */
export interface SpinMountOptions {
  auth: Auth
  /** Project token. */
  token: string
  /** Origin of the API. */
  apiBase: string
  /** The folder that holds the frames, public or private. */
  folder: string
  /** Is told of each frame that was fetched with the key. */
  onProgress?: (progress: SpinProgress) => void
  /** Is told of a frame that is missing; the others are shown. */
  onMissing?: (url: string) => void
}

interface SpinViewer {
  init(container: HTMLElement, config: Record<string, unknown>): unknown
  destroy(id: string): void
}

/**
 * Shows the 360° spin plugin in `container` with the frames of a folder; resolves when every frame is loaded.
 *
 * @example `const spin = await mountSpin(element, { auth, token, apiBase, folder: '/spin-private' })`
 */
export async function mountSpin(
  container: HTMLElement,
  { auth, token, apiBase, folder, onProgress, onMissing }: SpinMountOptions,
): Promise<{ unmount(): void; frames: number }> {
  const target = document.createElement('div')
  target.id = `spin-${crypto.randomUUID()}`
  target.className = 'spin-mount'
  container.append(target)
  try {
    const [{ imageListX, imageListY, release }] = await Promise.all([
      // With the element, the frames' memory goes with it and with the viewer, however those go.
      connectSpin(auth, { token, apiBase, folder, container: target, onProgress }),
      // A classic script without exports: it sets `window.CI360`.
      import('js-cloudimage-360-view'),
    ])
    const viewer = (globalThis as unknown as { CI360: SpinViewer }).CI360
    await new Promise<void>(resolve => {
      viewer.init(target, {
        imageListX,
        imageListY: imageListY ?? null,
        // Else it waits to be scrolled into view, and the caller with it.
        lazyload: false,
        hide360Logo: true,
        onReady: () => resolve(),
        onError: ({ error }: { error?: { url: string } }) => error && onMissing?.(error.url),
      })
    })
    return {
      frames: imageListX.length,
      unmount() {
        viewer.destroy(target.id)
        release()
        target.remove()
      },
    }
  } catch (error) {
    target.remove()
    throw error
  }
}
