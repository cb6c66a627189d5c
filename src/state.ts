import type { AuthError } from './errors.js'
import type { AccessKey, AuthState, StorageKind } from './types.js'

/**
 * A frozen snapshot: the previous one, where nothing is different.
 *
 * @param isRunning an attempt is under way
 * @param isWaiting somebody waits for the next one
 * @param failure why the last one failed, until one succeeds
 */
export function nextState(
  previous: AuthState | undefined,
  key: AccessKey | undefined,
  isRunning: unknown,
  isWaiting: unknown,
  failure: AuthError | undefined,
  storage: StorageKind,
): AuthState {
  const status = key ? 'ready' : isRunning || isWaiting ? 'loading' : failure ? 'error' : 'idle'
  const error = status === 'error' ? failure : undefined
  const retryAtMs = key || isRunning ? undefined : failure?.retryAtMs
  const next: AuthState = { status, key, error, storage, retryAtMs }
  const isSame = previous && (Object.keys(next) as (keyof AuthState)[]).every(name => next[name] === previous[name])
  return isSame ? previous : Object.freeze(next)
}
