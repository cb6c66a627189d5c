import { createHash, randomUUID } from 'node:crypto'
import type { NameClash } from './faults.ts'
import type { FileBody } from './file-body.ts'
import { isBelow, nameOf, normalFolder, parentOf } from './folder-scope.ts'
import type { ImageSize } from './image-size.ts'
import { Refusal } from './refusal.ts'

export type Visibility = 'public' | 'private'

export interface Folder {
  readonly uuid: string
  readonly path: string
  readonly visibility: Visibility
  readonly createdAtMs: number
}

export interface StoredFile {
  readonly uuid: string
  readonly name: string
  readonly folder: Folder
  /** MIME type. */
  readonly type: string
  readonly visibility: Visibility
  readonly body: FileBody
  /** Left out for what is not an image. */
  readonly size?: ImageSize | undefined
  readonly meta: Record<string, unknown>
  readonly info: Record<string, unknown>
  readonly tags: Record<string, unknown>
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  /** Counts up from 1 as a name is uploaded again. */
  readonly version: number
}

/** What is known of a file before it is stored. */
export type NewFile = Pick<StoredFile, 'name' | 'type' | 'body' | 'size' | 'meta' | 'info' | 'tags'> & {
  /** Left out, it is the folder's. */
  readonly visibility?: Visibility
}

/** The files and folders of one project, in memory. */
export interface FileStore {
  /** Makes the folder, and those above it, where they do not exist. Visibility is inherited unless it is given. */
  addFolder(path: string, atMs: number, visibility?: Visibility): Folder
  folder(path: string): Folder | undefined
  folders(): Folder[]
  /**
   * Stores a file under its name, or, where that is taken, as a new version, instead of it or under another name.
   *
   * @throws {Refusal} where it is to be refused
   */
  add(folderPath: string, file: NewFile, atMs: number, nameClash: NameClash): StoredFile
  /** A file and its older versions, the newest first. */
  versions(uuid: string): StoredFile[]
  byUuid(uuid: string): StoredFile | undefined
  byPath(path: string): StoredFile | undefined
  files(): StoredFile[]
}

export const pathOf = (file: StoredFile) => `${file.folder.path === '/' ? '' : file.folder.path}/${file.name}`

/** Made from the path, so that a folder keeps its identifier through resets and restarts. */
function uuidOf(path: string): string {
  const hex = createHash('sha256').update(path).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

const withSuffix = (name: string, suffix: number) => name.replace(/(\.[^.]*)?$/, extension => `_${suffix}${extension}`)

export function createFileStore(token: string): FileStore {
  const byPath = new Map<string, StoredFile>()
  const folders = new Map<string, Folder>()
  const olderVersions = new Map<string, StoredFile[]>()

  const store: FileStore = {
    addFolder(path, atMs, visibility) {
      const known = folders.get(path)
      if (known) return known
      const parent = path === '/' ? undefined : store.addFolder(parentOf(path), atMs)
      const folder: Folder = {
        uuid: uuidOf(`${token}:${path}`),
        path,
        visibility: visibility ?? parent?.visibility ?? 'public',
        createdAtMs: atMs,
      }
      folders.set(path, folder)
      return folder
    },
    folder: path => folders.get(path),
    folders: () => [...folders.values()],

    add(folderPath, file, atMs, nameClash) {
      const folder = store.addFolder(normalFolder(folderPath), atMs)
      const prefix = folder.path === '/' ? '/' : `${folder.path}/`
      let name = file.name
      if (nameClash === 'rename') for (let i = 1; byPath.has(prefix + name); i++) name = withSuffix(file.name, i)

      const taken = byPath.get(prefix + name)
      // Status and code are guesses.
      if (taken && nameClash === 'refuse') throw new Refusal(409, 'FILE_NAME_TAKEN', 'There is a file of this name')
      const old = nameClash === 'overwrite' ? undefined : taken
      if (old) olderVersions.set(old.uuid, [old, ...(olderVersions.get(old.uuid) ?? [])])
      const stored: StoredFile = {
        ...file,
        uuid: old?.uuid ?? randomUUID(),
        name,
        folder,
        visibility: file.visibility ?? old?.visibility ?? folder.visibility,
        createdAtMs: old?.createdAtMs ?? atMs,
        modifiedAtMs: atMs,
        version: (old?.version ?? 0) + 1,
      }
      byPath.set(prefix + name, stored)
      return stored
    },
    byUuid: uuid => [...byPath.values()].find(file => file.uuid === uuid),
    byPath: path => byPath.get(path),
    versions: uuid => [store.byUuid(uuid), ...(olderVersions.get(uuid) ?? [])].filter(file => file !== undefined),
    files: () => [...byPath.values()],
  }
  store.addFolder('/', 0)
  return store
}

/** The folders directly in `path`, or all that are below it. */
export function foldersIn(store: FileStore, path: string, isRecursive: boolean): Folder[] {
  const found = store
    .folders()
    .filter(folder => isBelow(folder.path, path) && (isRecursive || parentOf(folder.path) === path))
  found.sort((a, b) => nameOf(a.path).localeCompare(nameOf(b.path)))
  return found
}

/** The files directly in `path`, or all that are in or below it. */
export const filesIn = (store: FileStore, path: string, isRecursive: boolean): StoredFile[] =>
  store.files().filter(({ folder }) => folder.path === path || (isRecursive && isBelow(folder.path, path)))
