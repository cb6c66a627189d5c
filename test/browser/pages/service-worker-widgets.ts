import './service-worker.ts'
import { mountUploader } from '../../../demo/widgets/uploader.ts'
import type { AuthOptions } from '../../../src/index.ts'

interface SpinViewer {
  init(container: HTMLElement, config: Record<string, unknown>): unknown
}

const signedWidgets = {
  /** The stock Explorer, connected as in the demo. */
  async uploader(options: AuthOptions & { apiBase: string }, folder: string) {
    const container = document.getElementById('uploader') as HTMLElement
    const auth = window.signing.createAuth(options)
    await mountUploader(container, { auth, token: options.token, apiBase: options.apiBase, folder })
  },
  /** The stock viewer, which is given plain URLs and knows of no key. Resolves when every frame is loaded. */
  async spin(imageListX: string[]) {
    await import('js-cloudimage-360-view')
    const viewer = (globalThis as unknown as { CI360: SpinViewer }).CI360
    const container = document.getElementById('spin') as HTMLElement
    await new Promise<void>(resolve => {
      viewer.init(container, { imageListX, lazyload: false, hide360Logo: true, onReady: () => resolve() })
    })
  },
}

declare global {
  interface Window {
    signedWidgets: typeof signedWidgets
  }
}

window.signedWidgets = signedWidgets
