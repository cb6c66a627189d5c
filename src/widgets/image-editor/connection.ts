import type { ConnectableAuth } from '../../connectable.js'
import { callHost } from '../../host.js'
import { invalid } from '../../options.js'
import { race } from '../../race.js'
import type { Auth } from '../../types.js'
import { type ApiAddress, folderAddress } from '../api-address.js'
import { leased } from '../lease.js'
import { type DownloadOptions, download, refused } from '../signed-download.js'
import { editorName, nameInUrl } from './file-name.js'
import { imageElement } from './image-element.js'
import { createSaving, type SavedImage, type SaveHandler, type SavingOptions } from './saving.js'
import { sendWithProgress } from './upload-progress.js'

/** What {@link connectImageEditor} takes. Aborting `signal` ends the loading, and every save. */
export interface ImageEditorOptions extends ApiAddress, DownloadOptions, SavingOptions {
  /** Aborting ends the loading, which then rejects with `signal.reason`, and every save. */
  signal?: AbortSignal | undefined
  /** URL of the image to edit, public or private; at `apiBase` or an origin of `allowedOrigins`. @default that of `design` */
  source?: string | URL | undefined
  /** The `design` of an earlier save, to go on with. */
  design?: object | undefined
  /** What the editor suggests when saving. @default the last part of `source`'s path with `-edited` before its extension */
  name?: string | undefined
  /** The folder that a save goes to. @default '/' */
  folder?: string | undefined
  /** A full URL to post a save to, instead of `token`, `apiBase` and `folder`. */
  uploadUrl?: string | URL | undefined
  /** Is told of each file saved, before `onSave` resolves. */
  onSaved?: ((saved: SavedImage) => void) | undefined
}

/** What {@link connectImageEditor} resolves with. */
export interface ImageEditorConnection {
  /** For the editor's option `source`: loaded, decoded and named. */
  source: HTMLImageElement
  /** For the editor's option of that name: the `design` that was given, without what would win over `source`. */
  loadableDesignState: object | undefined
  /** Saves under the name and with the type that were chosen in the editor. */
  onSave: SaveHandler
  /**
   * Saves under the source's own name and with its type; `folder` must be the source's. There is no call of its own for a
   * new version: the vendor's clients upload it like any file, and take what has the same `uuid` but for its last four
   * digits for a version [client: explorer 3.114, isFileVersion]. What a name that is taken does is a setting of the
   * project: new version, overwrite or refuse [doc: help centre, "file versioning and handling duplicated assets"].
   */
  onSaveVersion: SaveHandler
  /** Gives the image's memory back, after the editor was terminated. A save that is under way goes on. */
  release: () => void
}

/**
 * Loads an image with the key for the Image Editor, which itself can send none, and saves what it made. The editor's
 * user sees that a save runs and can cancel it, and sees that it failed and can try again or download the image.
 *
 * @example
 * ```ts
 * const { source, onSave } = await connectImageEditor(auth, { source: url, folder: '/edited' })
 * new FilerobotImageEditor(element, { source, onSave }).render()
 * ```
 * @throws {AuthError} `invalid_options`; `server` with the status when the image was refused or is no image, or a save
 *   was refused; `timeout`; and as `auth.fetch`, so `origin_not_allowed` for a `source` or `uploadUrl` elsewhere
 */
export async function connectImageEditor(auth: Auth, options: ImageEditorOptions): Promise<ImageEditorConnection> {
  const { uploadUrl, onSaved, name, signal } = options
  const { design }: { design?: { imgSrc?: string | undefined } | undefined } = options
  const sourceUrl = String(options.source || design?.imgSrc || '')
  if (!/^(?!blob:)./.test(sourceUrl)) throw invalid('source', 'an image URL')
  const ownName = nameInUrl(sourceUrl)
  const target = uploadUrl ? String(uploadUrl) : folderAddress(auth, options, options.folder ?? '/')

  const blob = await leased(auth, () => download(auth, sourceUrl, options))
  const source = await imageElement(blob, sourceUrl)
  // The editor reads `name` of an image element; without it every save is called after the blob's identifier.
  source.name = editorName(name || ownName, blob.type, name ? '' : '-edited')
  const release = () => {
    URL.revokeObjectURL(source.src)
    source.removeAttribute('src')
  }
  if (signal?.aborted) {
    release()
    signal.throwIfAborted()
  }

  const onSave = createSaving(options, async (file, edit, signals, onProgress) => {
    const body = new FormData()
    body.append('files[]', file)
    const stored = async (over: AbortSignal) => {
      const response = await (auth as ConnectableAuth).fetch(target, {
        method: 'POST',
        body,
        signal: over,
        send: onProgress && (request => sendWithProgress(request, body, onProgress)),
      })
      const answer = (await response.json().catch(() => undefined)) as Partial<SavedImage> | undefined
      if (!response.ok || !answer?.file) throw refused(target, response)
      return answer.file
    }
    // A design holds the very element that was edited: it cannot be stored, and what JSON makes of it passes for an image.
    const saved: SavedImage = {
      file: await leased(auth, () => race(stored, signals)),
      design: { ...edit, originalSource: undefined, imgSrc: sourceUrl },
    }
    if (onSaved) callHost(onSaved, saved)
    return saved
  })
  return {
    source,
    // The editor would load `imgSrc` rather than its `source`.
    loadableDesignState: design && { ...design, originalSource: undefined, imgSrc: undefined },
    onSave,
    onSaveVersion: (image, edit, signal) => onSave({ ...image, fullName: ownName }, edit, signal),
    release,
  }
}
