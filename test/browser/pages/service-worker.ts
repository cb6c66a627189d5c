import { createAuth, isAuthError } from '../../../src/index.ts'
import { registerServiceWorker, serviceWorkerUrl, type TrustedScriptUrl } from '../../../src/service-worker/index.ts'

const signing = {
  createAuth,
  registerServiceWorker,
  serviceWorkerUrl,
  /** Shows a picture as any page does; resolves with its width, 0 where it is not shown. */
  show: (src: string) =>
    new Promise<number>(resolve => {
      const image = new Image()
      image.onload = () => resolve(image.naturalWidth)
      image.onerror = () => resolve(0)
      image.src = src
      document.body.append(image)
    }),
  /** With what a promise was rejected: an error's code and message. */
  refusalOf: (promise: Promise<unknown>) =>
    promise.then(
      () => 'fulfilled',
      (error: unknown) => (isAuthError(error) ? `${error.code}: ${error.message}` : String(error)),
    ),
}

declare global {
  interface Window {
    signing: typeof signing
    /** What a test has noted. */
    seen: string[]
    trustedTypes: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): {
        createScriptURL(url: string): TrustedScriptUrl
      }
    }
  }
}

window.signing = signing
window.seen = []
