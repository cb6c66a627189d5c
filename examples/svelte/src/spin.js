import { connectSpin } from 'filerobot-widget-auth/widgets'
import 'js-cloudimage-360-view'

/** An attachment: shows the frames in an element with an `id`, for as long as it is there. */
export const spin = (auth, options) => container => {
  const closing = new AbortController()
  const { signal } = closing
  const show = async () => {
    container.textContent = 'Loading …'
    try {
      const { imageListX } = await connectSpin(auth, { ...options, container, signal })
      container.textContent = ''
      CI360.init(container, { imageListX })
    } catch (error) {
      if (!signal.aborted) container.textContent = error.message
    }
  }
  void show()
  return () => {
    closing.abort()
    CI360.destroy(container.id)
  }
}
