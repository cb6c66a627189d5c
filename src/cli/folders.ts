const SUB_FOLDERS = /\/\*$/

/** Whether a list of folders leaves everything open: it names none, or all below the root. */
export const isEverywhere = (folders: readonly string[]) => folders.length === 0 || folders.includes('/*')

/** `/inbox and its sub-folders`, `/doc itself`. */
export function folderWords(folder: string): string {
  if (!SUB_FOLDERS.test(folder)) return `${folder} itself`
  const name = folder.replace(SUB_FOLDERS, '')
  return name ? `${name} and its sub-folders` : 'every folder'
}

/** A folder that lies in the list, for a request that ought to succeed. */
export const folderIn = (folders: readonly string[]) => folders[0]?.replace(SUB_FOLDERS, '') || '/'
