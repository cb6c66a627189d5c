import { AuthError } from '../../errors.js'
import type { ListedFile } from './frame-order.js'

// More than most spins have, so that one request is the rule; the service may send fewer at a time.
const pageSize = 500
const mostFiles = 5000

/**
 * All files of a folder.
 *
 * @param address as `folderAddress` makes it
 * @param get asks for a page of the list with the key
 * @throws {AuthError} `malformed_response` when an answer is no list; and as `get`
 */
export async function listedFiles(address: string, get: (url: string) => Promise<Blob>): Promise<ListedFile[]> {
  const files: ListedFile[] = []
  let total = mostFiles
  while (files.length < Math.min(total, mostFiles)) {
    const blob = await get(`${address}&offset=${files.length}&limit=${pageSize}`)
    const page = (await new Response(blob).json().catch(() => undefined)) as Page | undefined
    if (!Array.isArray(page?.files)) throw new AuthError('malformed_response', 'no list of files')
    files.push(...page.files)
    // A service that ignores `offset` would send the same page for ever; and an empty one ends every list.
    total = page.files.length && (page.info?.total_files_count ?? (page.files.length < pageSize ? 0 : mostFiles))
  }
  return files
}

interface Page {
  files: ListedFile[]
  info?: { total_files_count?: number }
}
