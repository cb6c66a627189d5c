import { IMAGE_ENDING } from '../image-ending.js'
import { withoutQuery } from '../signed-download.js'

/**
 * A name without its extension, and that extension in small letters: the editor knows them in no others, and makes PNG of
 * all else. It writes png, jpg, jpeg and webp. With `defaultSavedImageType` it puts its extension behind the one that is
 * there, `cat.png.jpg`: the last one counts.
 */
export function nameParts(name: string): [stem: string, extension: string] {
  const stem = name.replace(IMAGE_ENDING, '')
  return [stem, name === stem ? '' : /\w*$/.exec(name)![0].toLowerCase()]
}

/** The media type that an extension means. The editor's own `image/jpg` is none: servers and canvases do not know it. */
export function mediaType(extension: string): string {
  return `image/${extension.replace('jpg', 'jpeg') || 'png'}`
}

/** The last part of a URL's path, as a reader would write it. */
export function nameInUrl(url: string): string {
  const last = withoutQuery(url).split('/').pop() || 'image'
  try {
    return decodeURIComponent(last)
  } catch {
    // A stray "%" is part of the name.
    return last
  }
}

/** A name with which the editor goes on with the same type, `type` being that of an image whose name says nothing. */
export function editorName(name: string, type: string, suffix = ''): string {
  const [stem, extension] = nameParts(name)
  return `${stem}${suffix}.${extension || /^image\/(\w+)/.exec(type)?.[1] || 'png'}`
}
