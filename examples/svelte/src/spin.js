import { connectSpin } from 'filerobot-widget-auth/widgets'
import 'js-cloudimage-360-view'

/** An attachment: shows the frames in an element with an `id`, for as long as it is there. */
export const spin = (auth, options) => container => {
  const closing = new AbortController()
  const { signal } = closing
  container.textContent = 'Loading …'
  connectSpin(auth, { ...options, container, signal }).then(
    ({ imageListX }) => {
      container.textContent = ''
      CI360.init(container, { imageListX })
    },
    error => {
      if (!signal.aborted) container.textContent = error.message
    },
  )
  return () => {
    closing.abort()
    CI360.destroy(container.id)
  }
}
