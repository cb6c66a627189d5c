import { type FileStore, type Folder, filesIn, foldersIn, pathOf, type StoredFile } from './file-store.ts'
import { nameOf } from './folder-scope.ts'

/** Files and folders in the form in which the API tells of them. */
export interface Wire {
  file: (file: StoredFile) => Record<string, unknown>
  folder: (folder: Folder) => Record<string, unknown>
  base: (folder: Folder) => Record<string, unknown>
}

const isoTime = (ms: number) => new Date(ms).toISOString()

export function createWire(origin: string, token: string, store: FileStore): Wire {
  const wire: Wire = {
    file(file) {
      const path = pathOf(file)
      const encoded = path.split('/').map(encodeURIComponent).join('/')
      // The version hash makes a new version a new address, so that delivery may be cached.
      const url = `${origin}/cdn/${token}${encoded}?vh=${file.body.sha256().slice(0, 6)}`
      return {
        uuid: file.uuid,
        name: file.name,
        type: file.type,
        extension: /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '',
        size: { bytes: file.body.bytes().byteLength },
        url: { public: url, cdn: url, path },
        folder: { uuid: file.folder.uuid, name: file.folder.path },
        meta: file.meta,
        info: { ...(file.size && { img_w: file.size.widthPx, img_h: file.size.heightPx }), ...file.info },
        tags: file.tags,
        created_at: isoTime(file.createdAtMs),
        modified_at: isoTime(file.modifiedAtMs),
        visibility: file.visibility,
        version: file.version,
      }
    },
    base: folder => ({
      uuid: folder.uuid,
      name: nameOf(folder.path),
      path: folder.path,
      visibility: folder.visibility,
      created_at: isoTime(folder.createdAtMs),
    }),
    folder: folder => ({
      ...wire.base(folder),
      count: {
        files_direct: filesIn(store, folder.path, false).length,
        files_recursive: filesIn(store, folder.path, true).length,
        subfolders_direct: foldersIn(store, folder.path, false).length,
      },
    }),
  }
  return wire
}
