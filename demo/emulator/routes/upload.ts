import { Hono } from 'hono'
import type { NewFile } from '../file-store.ts'
import { normalFolder } from '../folder-scope.ts'
import { assertMayReach, callerOf } from '../http/access.ts'
import { success } from '../http/answers.ts'
import { jsonBody } from '../http/body.ts'
import { addressOf, type EmulatorContext, type EmulatorEnv } from '../http/context.ts'
import { faulty } from '../http/faulty-api.ts'
import { Refusal } from '../refusal.ts'
import { type FileUrl, fileUrls, multipartFiles, newFile } from '../upload-body.ts'
import { readCdnPath } from './delivery.ts'
import { placeOf } from './files.ts'

/**
 * The file behind a `files_urls` entry: a data URL or one of this server's own public files. Others are refused: a
 * server on a developer's machine that fetches what any page names would open that machine's network to the page.
 */
async function fileFromUrl(c: EmulatorContext, { url, name }: FileUrl): Promise<NewFile> {
  if (url.startsWith('data:')) {
    const response = await fetch(url)
    return newFile(name, response.headers.get('Content-Type') ?? '', new Uint8Array(await response.arrayBuffer()))
  }
  const own = URL.canParse(url) ? readCdnPath(c.var.world, new URL(url)) : undefined
  if (own?.visibility !== 'public')
    throw new Refusal(400, 'ERR_URL_NOT_SUPPORTED', 'Only data URLs and public files of this server can be uploaded')
  return newFile(name, own.type, own.body.bytes())
}

async function filesOf(c: EmulatorContext): Promise<NewFile[]> {
  const contentType = c.req.header('Content-Type') ?? ''
  if (contentType.startsWith('multipart/form-data')) return multipartFiles(c.var.body, contentType)
  return Promise.all(fileUrls(jsonBody(c)).map(entry => fileFromUrl(c, entry)))
}

async function upload(c: EmulatorContext): Promise<Response> {
  const caller = callerOf(c, 'FILE_UPLOAD')
  const { world } = c.var
  const folder = normalFolder(c.req.query('folder') ?? '/')
  assertMayReach(caller, 'upload', folder)
  const files = await filesOf(c)

  if (caller.kind === 'access') {
    const { fileSizeBytes } = caller.issued.template.upload
    if (files.some(file => file.body.bytes().byteLength > fileSizeBytes))
      throw new Refusal(413, 'FILE_TOO_LARGE', `A file may have ${fileSizeBytes} bytes`)
    world.uploadLimits.take(caller.issued, addressOf(c), files.length)
  }

  const { store, wire } = placeOf(c)
  const stored = files.map(file => store.add(folder, file, world.clock.wallMs(), world.faults.nameClash))
  world.counters.uploads += stored.length
  const answers = stored.map(wire.file)
  return success({ file: answers[0], ...(answers.length > 1 && { files: answers }) })
}

export const uploadRoute = new Hono<EmulatorEnv>().post('/:token/:version{v4|v5}/files', faulty('uploadAnswer'), c =>
  upload(c),
)
