import { isText } from '../../untrusted.js'
import { IMAGE_ENDING } from '../image-ending.js'

/** A file of a listing, as far as a spin is concerned. */
export interface ListedFile {
  name?: string
  type?: string
  visibility?: string
  url?: { public?: string; cdn?: string }
}

/**
 * The frames among a folder's files, in natural order: `gem-2` before `gem-10`.
 * Other files are left out, and those whose name `pattern` does not match.
 */
export function frames(files: readonly ListedFile[], pattern = /^/): ListedFile[] {
  const chosen = files.filter(
    // `search`, as `test` of a pattern with the flag `g` would remember where it stopped and skip every other name.
    ({ name = '', type }) => name.search(pattern) >= 0 && (isText(type, /^image\//i) || IMAGE_ENDING.test(name)),
  )
  return chosen.sort(({ name: a = '' }, { name: b = '' }) => a.localeCompare(b, 'en', { numeric: true }))
}

/** The frames of both axes. Where only the vertical one has a pattern, the horizontal one is made of what it leaves. */
export function axes(
  files: readonly ListedFile[],
  namesX?: RegExp,
  namesY?: RegExp,
): [x: ListedFile[], y: ListedFile[]] {
  const y = namesY ? frames(files, namesY) : []
  return [frames(namesX ? files : files.filter(file => !y.includes(file)), namesX), y]
}
