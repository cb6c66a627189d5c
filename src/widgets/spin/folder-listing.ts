import { AuthError } from '../../errors.js'
import { isText, own } from '../../untrusted.js'
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
    // One that does not heed `limit` may send more than a call has room for.
    files.push(...page.files.slice(0, mostFiles))
    // A service that ignores `offset` would send the same page for ever; and an empty one ends every list.
    const count = page.info?.total_files_count
    total = page.files.length && (typeof count === 'number' ? count : page.files.length < pageSize ? 0 : mostFiles)
  }
  // Without a name it has no place in the order.
  return files.filter(file => isText(own(file, 'name'), /./))
}

interface Page {
  files: ListedFile[]
  info?: { total_files_count?: number }
}
