import type { Auth } from '../types.js'
import { connectSpin, type SpinConnection, type SpinOptions } from '../widgets/spin/connection.js'
import type { FrameworkHooks } from './framework.js'
import { createLoadingHook, type Loading } from './loading.js'

/**
 * What {@link connectSpin} takes, but for what the component sees to: it ends loading when it is unmounted, and keeps
 * the frames until then, however often their viewer comes and goes.
 */
export interface SpinHookOptions extends Omit<SpinOptions, 'signal' | 'container'> {}

/** What `useFilerobotSpin` returns. Both lists are the same arrays for as long as nothing changed. */
export type SpinState = Loading<Omit<SpinConnection, 'release'>>

/** Makes the hook that loads frames for the 360° spin plugin. */
export function createSpinHook(framework: FrameworkHooks): (auth: Auth, options: SpinHookOptions) => SpinState {
  return createLoadingHook(framework, connect)
}

const connect = (
  auth: Auth,
  options: SpinHookOptions,
  signal: AbortSignal,
  latest: { readonly current: SpinHookOptions },
): Promise<SpinConnection> =>
  connectSpin(auth, {
    ...options,
    // Where types do not keep it out: the frames would go with their viewer, which may come back.
    container: undefined,
    signal,
    onProgress: progress => latest.current.onProgress?.(progress),
  })
