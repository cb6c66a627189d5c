// As a whole: where an optional peer is not installed Vite puts an empty module in its place, and would not build an app,
// not even one that leaves this file out, if that had to have a name.
import * as signals from '@preact/signals'
import type { Auth, AuthState } from './types.js'

const known = new WeakMap<Auth, signals.ReadonlySignal<AuthState>>()

/**
 * `auth.state` as a signal: the same one for the same auth. While a component, an effect or a computed signal watches it,
 * a key is obtained and kept good; nobody who watches, nothing runs. Its value is that of this moment in either case. In
 * server rendering it shows the state, and asks for nothing.
 *
 * @example `const isReady = computed(() => authSignal(auth).value.status === 'ready')`
 */
export function authSignal(auth: Auth): signals.ReadonlySignal<AuthState> {
  let signal = known.get(auth)
  if (!signal) known.set(auth, (signal = makeSignal(auth)))
  return signal
}

function makeSignal(auth: Auth): signals.ReadonlySignal<AuthState> {
  let unsubscribe: (() => void) | undefined
  const made = signals.signal(auth.state, {
    watched() {
      // A component that fails while a server renders it is never unmounted there.
      if (typeof document !== 'undefined') unsubscribe = subscribed(auth, show)
    },
    unwatched() {
      unsubscribe?.()
      unsubscribe = undefined
    },
  })
  const show = (state: AuthState) => Reflect.set(signals.Signal.prototype, 'value', state, made)
  // A signal that nobody watches, and nobody writes to, would have the value of long ago.
  Object.defineProperty(made, 'value', {
    get() {
      if (!unsubscribe) show(auth.state)
      return Reflect.get(signals.Signal.prototype, 'value', made)
    },
  })
  return made
}

/** A disposed auth has nothing more to tell, and whoever shows its state shall not fail of that. */
function subscribed(auth: Auth, listener: (state: AuthState) => void): (() => void) | undefined {
  try {
    return auth.subscribe(listener)
  } catch {
    return undefined
  }
}
