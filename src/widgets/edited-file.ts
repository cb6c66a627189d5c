/** What the server is told of an image: the editor says `image/jpg`, which is no media type and which canvases do not know. */
export function mediaType(image: { mimeType?: string; extension?: string }): string {
  const type = (image.mimeType || `image/${image.extension || 'png'}`).toLowerCase()
  return type === 'image/jpg' ? 'image/jpeg' : type
}

/**
 * The name that fits what the canvas made of it: an engine that cannot write a type, as Safari WebP,
 * writes PNG without a word.
 */
export function fileName(image: { fullName?: string; name?: string; extension?: string }, type: string): string {
  const name = image.fullName || `${image.name || 'image'}.${image.extension || 'png'}`
  return type === 'image/png' ? name.replace(/(\.(jpe?g|webp))?$/i, (_, found) => (found ? '.png' : '')) : name
}

/** What an edit is called unless somebody says otherwise: another name than its source's, which a save would replace. */
export function suggestedName(sourceUrl: string): string {
  const last = /[^/]*$/.exec(sourceUrl.replace(/[?#].*/s, ''))?.[0] || 'image'
  let name = last
  try {
    name = decodeURIComponent(last)
  } catch {
    // A stray "%" is part of the name.
  }
  return name.replace(/(\.\w+)?$/, extension => `-edited${extension}`)
}
