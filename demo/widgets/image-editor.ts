import type { Auth } from '../../src/types.ts'
import { connectImageEditor } from '../../src/widgets/index.ts'

/** What {@link mountImageEditor} takes. */
export interface ImageEditorMountOptions {
  auth: Auth
  /** Project token. */
  token: string
  /** Origin of the API. */
  apiBase: string
  /** The image to edit, public or private. */
  sourceUrl: string
  /** Where a save goes. @default '/' */
  folder?: string
  /** Is told of each file saved. */
  onSaved?: (file: unknown) => void
  /** Is told of a save that failed. */
  onError?: (error: unknown) => void
}

/**
 * Shows the Filerobot Image Editor in `container` with an image loaded by the key; a save is a new file in `folder`.
 *
 * @example `const editor = await mountImageEditor(element, { auth, token, apiBase, sourceUrl, folder: '/edited' })`
 */
export async function mountImageEditor(
  container: HTMLElement,
  { auth, token, apiBase, sourceUrl, folder = '/', onSaved, onError }: ImageEditorMountOptions,
): Promise<{ unmount(): void }> {
  const [React, { source, onSave, release }] = await Promise.all([
    import('react'),
    connectImageEditor(auth, { token, apiBase, source: sourceUrl, folder, ...(onSaved && { onSaved }) }),
  ])
  // Three files of react-filerobot-image-editor 5.0.1 use a global `React`.
  ;(globalThis as { React?: unknown }).React ??= React
  const { default: ImageEditor } = await import('filerobot-image-editor')

  const target = document.createElement('div')
  target.style.height = '100%'
  container.append(target)
  const editor = new ImageEditor(target, {
    source,
    // A returned promise keeps the widget's spinner until it settles; nobody in the widget catches its rejection.
    onSave: (image, design) => onSave(image, design).then(undefined, error => onError?.(error)),
    // Its own Close button has nowhere to go here.
    onClose: () => {},
    Rotate: { angle: 90, componentType: 'buttons' },
    tabsIds: ['Adjust', 'Finetune', 'Filters', 'Annotate', 'Resize'],
    defaultTabId: 'Adjust',
    defaultToolId: 'Rotate',
    savingPixelRatio: 1,
    previewPixelRatio: Math.max(1, devicePixelRatio),
    useBackendTranslations: false,
    avoidChangesNotSavedAlertOnLeave: true,
  })
  editor.render()
  return {
    unmount() {
      editor.terminate()
      release()
      target.remove()
    },
  }
}
