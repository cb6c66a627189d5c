import { shallowRef, watchEffect } from 'vue'

/** The key's state, `{ status, key, error, retryAtMs }`; the key is kept good for as long as the component is there. */
export function useFilerobotKey(auth) {
  // Shallow: a key seen through a deep proxy cannot read its own private value.
  const state = shallowRef(auth.state)
  // An effect rather than at once: on a server there is none, and so no request.
  watchEffect(onCleanup => {
    const unsubscribe = auth.subscribe(next => {
      state.value = next
    })
    onCleanup(unsubscribe)
  })
  return state
}
