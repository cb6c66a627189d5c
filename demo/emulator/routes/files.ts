import { Hono } from 'hono'
import { type FileStore, filesIn, foldersIn, type StoredFile } from '../file-store.ts'
import { normalFolder } from '../folder-scope.ts'
import { assertMayReach, callerOf, mayReach, takeListCall } from '../http/access.ts'
import { success } from '../http/answers.ts'
import { jsonBody } from '../http/body.ts'
import { type Caller, type EmulatorContext, type EmulatorEnv, originOf } from '../http/context.ts'
import { page, sorted } from '../listing.ts'
import { PERMISSIONS } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { createWire, type Wire } from '../wire.ts'

interface Place {
  store: FileStore
  wire: Wire
}

export function placeOf(c: EmulatorContext): Place {
  const { token, files } = c.var.world.project(c.req.param('token') ?? '')
  return { store: files, wire: createWire(originOf(c), token, files) }
}

/** The files that a listing call asks for and its key may see; without `folder`, all of them. */
function askedFiles(c: EmulatorContext, caller: Caller): StoredFile[] {
  const { store } = placeOf(c)
  const asked = c.req.query('folder')
  const folder = normalFolder(asked ?? '/')
  if (asked !== undefined) assertMayReach(caller, 'listing', folder)
  const isRecursive = asked === undefined || c.req.query('recursive') === '1'
  const words = (c.req.query('q') ?? '').toLowerCase()
  return filesIn(store, folder, isRecursive).filter(
    file => mayReach(caller, 'listing', file.folder.path) && file.name.toLowerCase().includes(words),
  )
}

function listFiles(c: EmulatorContext): Response {
  const caller = callerOf(c, 'OBJECTS_LIST')
  const { store, wire } = placeOf(c)
  const files = askedFiles(c, caller)
  takeListCall(caller)
  const { sort, order, offset, limit } = c.req.query()
  const base = store.folder(normalFolder(c.req.query('folder') ?? '/'))
  return success({
    ...(base && { base: wire.base(base) }),
    files: page(sorted(files, sort ?? order), offset, limit).map(wire.file),
    info: { total_files_count: files.length },
  })
}

function fileStats(c: EmulatorContext): Response {
  const files = askedFiles(c, callerOf(c, 'OBJECTS_LIST'))
  const sizeBytes = files.reduce((sum, file) => sum + file.body.bytes().byteLength, 0)
  return success({
    stats: {
      approx_files_count: files.length,
      approx_files_size: sizeBytes,
      approx_files_count_method: 'exact',
    },
  })
}

function listFolders(c: EmulatorContext): Response {
  const caller = callerOf(c, 'OBJECTS_LIST')
  const { store, wire } = placeOf(c)
  const path = normalFolder(c.req.query('folder') ?? '/')
  assertMayReach(caller, 'listing', path)
  const base = store.folder(path)
  if (!base) throw new Refusal(404, 'FOLDER_NOT_FOUND', 'There is no such folder')
  takeListCall(caller)
  const folders = foldersIn(store, path, c.req.query('recursive') === '1').filter(folder =>
    mayReach(caller, 'listing', folder.path),
  )
  return success({
    base: wire.base(base),
    folders: page(folders, c.req.query('offset'), c.req.query('limit')).map(wire.folder),
    info: { total_folders_count: folders.length, total_files_count: filesIn(store, path, false).length },
  })
}

function makeFolder(c: EmulatorContext): Response {
  const caller = callerOf(c, 'DIR_CREATE')
  const { store, wire } = placeOf(c)
  const name = (jsonBody(c) as { name?: unknown } | null)?.name
  if (typeof name !== 'string') throw new Refusal(400, 'ERR_BODY_INVALID', 'The name of the folder is wanted')
  const path = normalFolder(name)
  // No scope is documented for making folders; the one for uploads is the nearest, as uploads make folders too.
  assertMayReach(caller, 'upload', path)
  return success({ folder: wire.folder(store.addFolder(path, c.var.world.clock.wallMs())) })
}

function fileOf(c: EmulatorContext, caller: Caller): StoredFile {
  const file = placeOf(c).store.byUuid(c.req.param('uuid') ?? '')
  if (!file) throw new Refusal(404, 'FILE_NOT_FOUND', 'There is no such file')
  assertMayReach(caller, 'listing', file.folder.path)
  return file
}

const oneFile = (c: EmulatorContext) => success({ file: placeOf(c).wire.file(fileOf(c, callerOf(c, 'OBJECTS_FETCH'))) })

/** `GET file/{uuid}/versions`, as the Explorer's history calls it; its answer's `versions` are files. */
function fileVersions(c: EmulatorContext): Response {
  const file = fileOf(c, callerOf(c, 'OBJECTS_FETCH'))
  const { store, wire } = placeOf(c)
  return success({ versions: store.versions(file.uuid).map(wire.file) })
}

function filePermissions(c: EmulatorContext): Response {
  const caller = callerOf(c)
  fileOf(c, caller)
  return success({ permissions: caller.kind === 'secret' ? PERMISSIONS : caller.issued.template.permissions })
}

/** Up to three pictures for each folder that the request names. */
function folderPreviews(c: EmulatorContext): Response {
  const caller = callerOf(c, 'OBJECTS_LIST')
  const { store, wire } = placeOf(c)
  const asked = (jsonBody(c) as { folders?: unknown } | null)?.folders
  const uuids = Array.isArray(asked) ? asked : []
  const previews = store
    .folders()
    .filter(folder => uuids.includes(folder.uuid) && mayReach(caller, 'listing', folder.path))
    .map(({ uuid, path }) => [uuid, filesIn(store, path, false).slice(0, 3).map(wire.file)] as const)
  return success({ folders: Object.fromEntries(previews) })
}

/** Files and folders, under `/v4` as documented and under `/v5` as the newest clients call them. */
export const fileRoutes = new Hono<EmulatorEnv>()
  .get('/:token/:version{v4|v5}/files', listFiles)
  .get('/:token/:version{v4|v5}/files/stats', fileStats)
  .get('/:token/:version{v4|v5}/files/:uuid', oneFile)
  .get('/:token/v5/file/:uuid', oneFile)
  .get('/:token/v5/file/:uuid/permissions', filePermissions)
  .get('/:token/v5/file/:uuid/versions', fileVersions)
  .get('/:token/:version{v4|v5}/folders', listFolders)
  .get('/:token/v5/folders/stats', c => {
    const { store } = placeOf(c)
    callerOf(c, 'OBJECTS_LIST')
    const path = normalFolder(c.req.query('folder') ?? '/')
    const counts = {
      approx_files_count: filesIn(store, path, true).length,
      approx_folders_count: foldersIn(store, path, true).length,
    }
    return success({ stats: counts })
  })
  .post('/:token/:version{v4|v5}/folders', makeFolder)
  .post('/:token/v5/folders/previews', folderPreviews)
