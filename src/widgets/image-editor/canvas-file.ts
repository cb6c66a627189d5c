import { invalid } from '../../options.js'
import { mediaType, nameParts } from './file-name.js'

/** What the editor hands to its `onSave`, as far as it is used here. */
export interface EditedImage {
  /** The name and extension that were chosen. */
  fullName?: string
  /** From 0 to 1, for the types that have one. */
  quality?: number
  imageCanvas?: HTMLCanvasElement
}

/**
 * The file of an edited image, never an empty one: a canvas that is too large, empty or tainted gives nothing, or throws.
 * An engine that cannot write a type, as Safari WebP and all of them GIF, writes PNG without a word: then the name says so.
 *
 * @throws {AuthError} `invalid_options` where the canvas gives nothing
 */
export async function canvasFile({ imageCanvas, quality, fullName = 'image.png' }: EditedImage): Promise<File> {
  const [stem, ending] = nameParts(fullName)
  const type = mediaType(ending)
  const drawn = new Promise<Blob | null>(resolve => imageCanvas!.toBlob(resolve, type, quality))
  const blob = await drawn.catch(() => null)
  if (!blob?.size) throw invalid('image', 'pixels: too big, empty or tainted')
  return new File([blob], `${stem}.${(blob.type === type && ending) || 'png'}`, blob)
}
