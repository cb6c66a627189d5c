import { createAuth } from '../auth.js'
import type { ConnectableAuth } from '../connectable.js'
import { AuthError } from '../errors.js'
import { callHost } from '../host.js'
import { readOptions } from '../options.js'
import type { Auth, AuthOptions, AuthState } from '../types.js'

/** An auth that lives as long as a component does. */
export interface ProvidedAuth {
  auth: Auth
  /** From now on the functions of these options are called. */
  follow(latest: AuthOptions): void
  /** The component is there. Returns what is to be called when it goes. */
  mount(): () => void
}

/**
 * Stands for an auth that is made when it is first used: what is rendered on a server, or rendered and never shown, then
 * leaves nothing behind. When the component goes it is disposed of, and is made anew should the component come back.
 *
 * @throws {AuthError} `invalid_options`, naming the option
 */
export function provideAuth(given: AuthOptions): ProvidedAuth {
  // On a server a relative `keyUrl` is as good as any.
  const { token, apiBase } = readOptions(given, globalThis.document?.baseURI ?? 'https://server.invalid')
  let latest = given
  const options = withLatest(given, () => latest)
  const unused: AuthState = Object.freeze({ status: 'idle', storage: storageKind(given) })

  let made: ConnectableAuth | undefined
  let isMounted = false
  let isGone = false
  let isDisposed = false
  /** Begins each subscription, with whichever auth is there. */
  const begins = new Set<(isNew: boolean) => void>()

  const use = (): ConnectableAuth => {
    if (isDisposed) throw new AuthError('disposed')
    if (isGone) throw new AuthError('disposed', 'disposed: the FilerobotAuthProvider that made this auth is gone')
    return (made ??= createAuth(options) as ConnectableAuth)
  }
  const end = () => {
    made?.dispose()
    made = undefined
  }
  const later =
    <A extends unknown[], R>(call: (auth: ConnectableAuth, ...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      // The provider may come back in this very turn: the effects of its children run before its own.
      if (isGone) await Promise.resolve()
      return call(use(), ...args)
    }
  const dispose = () => {
    isDisposed = true
    begins.clear()
    end()
  }

  const auth: ConnectableAuth = {
    project: { token, apiBase },
    get state() {
      return made?.state ?? unused
    },
    peek: () => made?.peek(),
    getKey: later((auth, options) => auth.getKey(options)),
    sign: later((auth, input, init) => auth.sign(input, init)),
    fetch: later((auth, input, init) => auth.fetch(input, init)),
    invalidate: later((auth, key) => auth.invalidate(key)),
    clear: later(auth => auth.clear()),
    emit: event => made?.emit(event),
    subscribe(listener, isLease) {
      let unsubscribe = () => {}
      const begin = (isNew: boolean) => {
        unsubscribe = use().subscribe(listener, isLease)
        if (!isNew) return
        // Others on the page may have its key already: for whoever has seen this one idle, that is a change.
        queueMicrotask(() => {
          if (begins.has(begin) && auth.state.status !== 'idle') callHost(listener, auth.state)
        })
      }
      if (!isGone || isDisposed) begin(!made)
      begins.add(begin)
      return () => {
        begins.delete(begin)
        unsubscribe()
      }
    },
    dispose,
    // Where there is no `Symbol.dispose` it is the same property again.
    [(Symbol as { dispose?: symbol }).dispose ?? 'dispose']: dispose,
  }

  return {
    auth,
    follow(options) {
      latest = options
    },
    mount() {
      isMounted = true
      if (isGone) {
        isGone = false
        for (const begin of begins) begin(true)
      }
      return () => {
        isMounted = false
        // StrictMode mounts again at once, and children are cleaned up after their parent.
        queueMicrotask(() => {
          if (isMounted) return
          isGone = true
          end()
        })
      }
    },
  }
}

const storageKind = ({ storage, requestKey, cacheScope }: AuthOptions): AuthState['storage'] => {
  if (requestKey && cacheScope === undefined) return 'memory'
  return typeof storage === 'object' ? 'custom' : (storage ?? 'indexeddb')
}

/** The same options, whose functions stay the same and call those of the latest rendering. */
function withLatest(options: AuthOptions, latest: () => AuthOptions): AuthOptions {
  const { requestKey, fetch, storage } = options
  return {
    ...options,
    onEvent: event => latest().onEvent?.(event),
    requestKey: requestKey && (context => (latest().requestKey ?? requestKey)(context)),
    fetch: fetch && ((input, init) => (latest().fetch ?? fetch)(input, init)),
    storage:
      typeof storage === 'object'
        ? {
            get: id => store(latest(), storage).get(id),
            update: (id, change) => store(latest(), storage).update(id, change),
          }
        : storage,
  }
}

const store = <S extends object>({ storage }: AuthOptions, before: S) =>
  typeof storage === 'object' ? storage : before
