import { AuthError } from '../errors.js'
import type { AccessKey, Auth } from '../types.js'
import type { ExternalStoreHook, FrameworkHooks } from './framework.js'

/** What `useFilerobotKey` returns: the same object until something of it is different. */
export type KeyState =
  | {
      /** No good key yet; a request or a wait is under way. */
      readonly status: 'loading'
      readonly key?: undefined
      readonly error?: undefined
      /** When the next attempt is made, in milliseconds since 1970, where it is waited for. */
      readonly retryAtMs?: number | undefined
    }
  | {
      /** A good key, also while it is renewed. */
      readonly status: 'ready'
      readonly key: AccessKey
      readonly error?: undefined
      readonly retryAtMs?: undefined
    }
  | {
      /** The last attempt failed and there is no good key. */
      readonly status: 'error'
      readonly key?: undefined
      readonly error: AuthError
      /** When the next attempt is made, in milliseconds since 1970, where that is known. */
      readonly retryAtMs?: number | undefined
    }
  | {
      /** The key was forgotten by `auth.clear()`, and nobody has asked for another one. */
      readonly status: 'idle'
      readonly key?: undefined
      readonly error?: undefined
      readonly retryAtMs?: undefined
    }

/** On a server, and in the first rendering of what came from one. */
const LOADING: KeyState = Object.freeze({ status: 'loading' })
const loading = () => LOADING

/** Makes the hook that returns what the provider gives. */
export function createAuthHook(useProvided: () => Auth | undefined): () => Auth {
  return () => present(useProvided(), 'useFilerobotAuth', 'pass an auth of your own to the hook that needs one')
}

/** Makes the hook that obtains a key, keeps it good and shows it. */
export function createKeyHook(
  { useMemo }: FrameworkHooks,
  useExternalStore: ExternalStoreHook,
  useProvided: () => Auth | undefined,
): (auth?: Auth) => KeyState {
  return given => {
    const provided = useProvided()
    const auth = present(given ?? provided, 'useFilerobotKey', 'call useFilerobotKey(auth)')
    const { subscribe, snapshot } = useMemo(() => followKey(auth), [auth])
    return useExternalStore(subscribe, snapshot, loading)
  }
}

function present(auth: Auth | undefined, hook: string, instead: string): Auth {
  if (auth) return auth
  throw new AuthError(
    'invalid_options',
    `${hook}: there is no FilerobotAuthProvider above this component; put one around it, or ${instead}`,
  )
}

/** The part of an auth's state that is shown, as an external store. */
function followKey(auth: Auth) {
  let shown: KeyState = LOADING
  let disposed: unknown
  /** To subscribe is to ask for a key, which is heard a moment later. An auth that is idle after that was cleared. */
  let hasBegun = false
  const begins = () => {
    hasBegun ||= auth.state.status !== 'idle'
  }
  return {
    subscribe(changed: () => void): () => void {
      try {
        const unsubscribe = auth.subscribe(() => {
          begins()
          changed()
        })
        begins()
        return () => {
          hasBegun = false
          unsubscribe()
        }
      } catch (error) {
        disposed = error
        changed()
        return () => {}
      }
    },
    snapshot(): KeyState {
      const { status, key, error, retryAtMs } = auth.state
      const next = (
        disposed
          ? { status: 'error', error: disposed }
          : { status: status === 'idle' && !hasBegun ? 'loading' : status, key, error, retryAtMs }
      ) as KeyState
      return isSameState(shown, next) ? shown : (shown = Object.freeze(next))
    },
  }
}

const isSameState = (a: KeyState, b: KeyState) =>
  a.status === b.status && a.key === b.key && a.error === b.error && a.retryAtMs === b.retryAtMs
