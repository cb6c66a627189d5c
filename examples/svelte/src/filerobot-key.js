import { createSubscriber } from 'svelte/reactivity'

/** The key's state as `current`, `{ status, key, error, retryAtMs }`; the key is kept good for as long as it is read. */
export function filerobotKey(auth) {
  const subscribe = createSubscriber(auth.subscribe)
  return {
    get current() {
      subscribe()
      return auth.state
    },
  }
}
