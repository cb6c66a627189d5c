import { createFileBody } from './file-body.ts'
import type { NewFile } from './file-store.ts'
import { imageSize } from './image-size.ts'
import { Refusal } from './refusal.ts'

const invalid = (msg: string) => new Refusal(400, 'ERR_UPLOAD_INVALID', msg)

/** A name without path: the folder comes from the query, and a name must not lead out of it. */
function safeName(name: string): string {
  const safe = name.replace(/[/\\\p{Cc}]/gu, '_').trim()
  if (/^\.{0,2}$/.test(safe)) throw invalid('A file needs a name')
  return safe
}

function jsonField(form: FormData, field: string): Record<string, unknown> {
  const text = form.get(field)
  if (typeof text !== 'string') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Falls through to the same answer as JSON that is not an object.
  }
  throw invalid(`${field} is not a JSON object`)
}

export function newFile(
  name: string,
  type: string,
  bytes: Uint8Array<ArrayBuffer>,
  details: Partial<NewFile> = {},
): NewFile {
  return {
    name: safeName(name),
    type: type || 'application/octet-stream',
    body: createFileBody(() => bytes),
    size: imageSize(bytes),
    meta: {},
    info: {},
    tags: {},
    ...details,
  }
}

/** The files of a multipart body. Descriptions of the field `files[]` come as JSON in `meta[files[]]` and the like. */
export async function multipartFiles(body: Uint8Array<ArrayBuffer>, contentType: string): Promise<NewFile[]> {
  let form: FormData
  try {
    form = await new Response(body, { headers: { 'Content-Type': contentType } }).formData()
  } catch {
    throw invalid('The body is not multipart/form-data')
  }
  const files: NewFile[] = []
  for (const [field, value] of form) {
    if (typeof value === 'string') continue
    files.push(
      newFile(value.name, value.type, new Uint8Array(await value.arrayBuffer()), {
        meta: jsonField(form, `meta[${field}]`),
        info: jsonField(form, `info[${field}]`),
        tags: jsonField(form, `tags[${field}]`),
      }),
    )
  }
  if (files.length === 0) throw invalid('The body holds no file')
  return files
}

export interface FileUrl {
  readonly url: string
  readonly name: string
}

/** The entries of `{"files_urls":[{"url":…,"name":…}]}`. */
export function fileUrls(json: unknown): FileUrl[] {
  const entries: unknown = (json as { files_urls?: unknown } | null)?.files_urls
  if (!Array.isArray(entries) || entries.length === 0) throw invalid('files_urls is wanted')
  return entries.map((entry: { url?: unknown; name?: unknown } | null) => {
    if (typeof entry?.url !== 'string') throw invalid('Each of files_urls needs a url')
    const last = entry.url.split(/[?#]/)[0]?.split('/').at(-1) ?? ''
    return { url: entry.url, name: typeof entry.name === 'string' && entry.name ? entry.name : last }
  })
}
