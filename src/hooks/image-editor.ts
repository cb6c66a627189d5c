import type { Auth } from '../types.js'
import {
  connectImageEditor,
  type ImageEditorConnection,
  type ImageEditorOptions,
} from '../widgets/image-editor/connection.js'
import type { FrameworkHooks } from './framework.js'
import { createLoadingHook, type Loading } from './loading.js'

/** What {@link connectImageEditor} takes. Loading ends when the component is unmounted; a save goes on. */
export interface ImageEditorHookOptions extends Omit<ImageEditorOptions, 'signal'> {}

/** What `useFilerobotImageEditor` returns. */
export type ImageEditorState = Loading<Omit<ImageEditorConnection, 'release'>>

/** Makes the hook that loads an image for the Image Editor, and saves what it made. */
export function createImageEditorHook(
  framework: FrameworkHooks,
): (auth: Auth, options: ImageEditorHookOptions) => ImageEditorState {
  return createLoadingHook(framework, connect)
}

const connect = (
  auth: Auth,
  options: ImageEditorHookOptions,
  signal: AbortSignal,
  latest: { readonly current: ImageEditorHookOptions },
): Promise<ImageEditorConnection> =>
  connectImageEditor(auth, {
    ...options,
    signal,
    onSaved: saved => latest.current.onSaved?.(saved),
    onError: failure => latest.current.onError?.(failure),
    // Whether there is one decides how a save is sent.
    onProgress: options.onProgress && (share => latest.current.onProgress?.(share)),
  })
