/** A file of a listing, as far as a spin is concerned. */
export interface ListedFile {
  name?: string
  type?: string
  visibility?: string
  url?: { public?: string; cdn?: string }
}

const imageName = /\.(avif|gif|jpe?g|png|webp)$/i
const natural = new Intl.Collator('en', { numeric: true })

/**
 * The frames among a folder's files, in natural order: `gem-2` before `gem-10`.
 * Other files are left out, and those whose name `pattern` does not match.
 */
export function frames(files: readonly ListedFile[], pattern?: RegExp): ListedFile[] {
  const chosen = files.filter(({ name = '', type }) => {
    // A pattern with the flag `g` would remember where it stopped and skip every other name.
    if (pattern) pattern.lastIndex = 0
    return (pattern?.test(name) ?? true) && (type?.startsWith('image/') || imageName.test(name))
  })
  return chosen.sort((a, b) => natural.compare(a.name ?? '', b.name ?? ''))
}
