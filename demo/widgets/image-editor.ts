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
  /** Where a save goes. For new versions, the source's own. @default '/' */
  folder?: string
  /** Is told of each file saved. */
  onSaved?: (file: unknown) => void
  /** Is told of a save that failed; the editor's user sees that too. */
  onError?: (error: unknown) => void
  /** Is told the share of a save that was sent, from 0 to 1. */
  onProgress?: (share: number) => void
}

/**
 * Shows the Filerobot Image Editor in `container` with an image loaded by the key; a save is a new file in `folder`, or
 * a new version of the image.
 *
 * @example `const editor = await mountImageEditor(element, { auth, token, apiBase, sourceUrl, folder: '/edited' })`
 */
export async function mountImageEditor(
  container: HTMLElement,
  { auth, token, apiBase, sourceUrl, folder = '/', onSaved, onError, onProgress }: ImageEditorMountOptions,
): Promise<{ unmount(): void }> {
  const [React, { source, onSave, onSaveVersion, release }] = await Promise.all([
    import('react'),
    connectImageEditor(auth, {
      token,
      apiBase,
      source: sourceUrl,
      folder,
      onSaved,
      onError: ({ error }) => onError?.(error),
      onProgress,
    }),
  ])
  // Three files of react-filerobot-image-editor 5.0.1 use a global `React`.
  ;(globalThis as { React?: unknown }).React ??= React
  const { default: ImageEditor } = await import('filerobot-image-editor')

  const target = document.createElement('div')
  target.style.height = '100%'
  container.append(target)
  const editor = new ImageEditor(target, {
    source,
    onSave,
    moreSaveOptions: [
      { label: 'New file', onClick: openDialog => openDialog(onSave) },
      { label: 'New version', onClick: (_, save) => save(onSaveVersion) },
    ],
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
