import { AuthError } from '../errors.js'
import type { Auth } from '../types.js'
import { type ApiAddress, folderAddress, invalid } from './api-address.js'
import { fileName, mediaType, suggestedName } from './edited-file.js'
import { type DownloadOptions, download, withoutQuery } from './signed-download.js'

/** What {@link connectImageEditor} takes. */
export interface ImageEditorOptions extends ApiAddress, DownloadOptions {
  /** URL of the image to edit, public or private; at `apiBase` or an origin of `allowedOrigins`. */
  source: string | URL
  /**
   * What the editor suggests when saving. The service replaces a file of the same name in the same folder.
   * @default the last part of `source`'s path with `-edited` before its extension
   */
  name?: string | undefined
  /** The folder that a save goes to. @default '/' */
  folder?: string | undefined
  /** A full URL to post a save to, instead of `token`, `apiBase` and `folder`. */
  uploadUrl?: string | URL | undefined
  /** Is told of each file saved, before `onSave` resolves. */
  onSaved?: ((saved: SavedImage) => void) | undefined
}

/** What the editor hands to its `onSave`, as far as it is used here. */
export interface EditedImage {
  fullName?: string
  name?: string
  extension?: string
  mimeType?: string
  quality?: number
  imageCanvas?: HTMLCanvasElement
}

/** A file that a save made. */
export interface SavedImage {
  /** The file as the service describes it: `uuid`, `name`, `url`, … */
  file: Record<string, unknown>
  /** The editor's design with the image's own URL; a `blob:` URL in it would win over `source` when it is loaded again. */
  design: Record<string, unknown>
}

/** What {@link connectImageEditor} resolves with. */
export interface ImageEditorConnection {
  /** For the editor's option `source`: loaded, decoded and named. */
  source: HTMLImageElement
  /** For the editor's option `onSave`: uploads a new file. The editor catches no rejection: do so. */
  onSave: (image: EditedImage, design?: object) => Promise<SavedImage>
  /** Gives the image's memory back, after the editor was terminated. */
  release: () => void
}

/**
 * Loads an image with the key for the Image Editor, which itself can send none, and saves what it made as a new file.
 *
 * @example
 * ```ts
 * const { source, onSave } = await connectImageEditor(auth, { token: 'fusqadtm', source: url, folder: '/edited' })
 * new FilerobotImageEditor(element, { source, onSave: (image, design) => onSave(image, design).catch(report) }).render()
 * ```
 * @throws {AuthError} `invalid_options`; `server` with the status when the image was refused or is no image, or a save
 *   was refused; `timeout`; and as `auth.fetch`, so `origin_not_allowed` for a `source` or `uploadUrl` elsewhere
 */
export async function connectImageEditor(auth: Auth, options: ImageEditorOptions): Promise<ImageEditorConnection> {
  const { uploadUrl, folder = '/', onSaved } = options
  if (!options.source) throw invalid('source', 'must be the URL of an image')
  const sourceUrl = String(options.source)
  const target = uploadUrl ? String(uploadUrl) : folderAddress(options, folder)

  const source = await decoded(await download(auth, sourceUrl, options), sourceUrl)
  // The editor reads `name` of an image element; without it every save is called after the blob's identifier.
  source.name = options.name ?? suggestedName(sourceUrl)

  return {
    source,
    async onSave(image, design) {
      const blob = await written(image)
      const form = new FormData()
      form.append('files[]', blob, fileName(image, blob.type))
      const response = await auth.fetch(target, { method: 'POST', body: form })
      const answer = (await response.json().catch(() => undefined)) as { status?: string; file?: object } | undefined
      if (!response.ok || answer?.status === 'error' || !answer?.file) {
        const { status } = response
        throw new AuthError('server', `The image was not saved: ${withoutQuery(target)} answered ${status}`, { status })
      }
      const saved: SavedImage = { file: { ...answer.file }, design: { ...design, imgSrc: sourceUrl } }
      onSaved?.(saved)
      return saved
    },
    release() {
      source.removeAttribute('src')
    },
  }
}

async function decoded(blob: Blob, url: string): Promise<HTMLImageElement> {
  const image = new Image()
  const objectUrl = URL.createObjectURL(blob)
  try {
    image.src = objectUrl
    await image.decode()
    return image
  } catch {
    throw new AuthError('server', `${withoutQuery(url)} is not an image that this browser can read`)
  } finally {
    // Decoded pixels need no URL.
    URL.revokeObjectURL(objectUrl)
  }
}

/** A canvas that is too large, empty or tainted gives nothing, or throws: never an empty file. */
async function written(image: EditedImage): Promise<Blob> {
  const { imageCanvas: canvas, quality } = image
  const blob = await new Promise<Blob | null>(resolve => {
    if (!canvas) return resolve(null)
    try {
      canvas.toBlob(resolve, mediaType(image), quality)
    } catch {
      resolve(null)
    }
  })
  if (!blob?.size) {
    throw invalid('image', 'cannot be saved: its canvas gives no pixels (too large, empty, or of another origin)')
  }
  return blob
}
