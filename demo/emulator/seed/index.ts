import { createFileBody, type FileBody } from '../file-body.ts'
import type { FileStore } from '../file-store.ts'
import { parentOf } from '../folder-scope.ts'
import { Refusal } from '../refusal.ts'
import { makeTemplate, parseTemplate, type TemplateInput } from '../templates.ts'
import { newFile } from '../upload-body.ts'
import type { World } from '../world.ts'
import { drawGem, GEM_SIZE } from './gem.ts'
import { drawLandscape, LANDSCAPE_SIZE, SCENES } from './landscape.ts'
import { encodePng } from './png.ts'

/** What a fresh emulator knows. The secret key opens this emulator and nothing else. */
export const SEED = {
  token: 'fdemo42x',
  secretKey: '0123456789abcdef0123456789abcdef',
  /** Lists, fetches and uploads everywhere. */
  templateId: 'SECU_5EEDA11000000000000000000000DE30',
  /** Lists and uploads in `/inbox` only; its keys live 60 s. */
  narrowTemplateId: 'SECU_5EED0420000000000000000000001B0C',
} as const

const FRAME_COUNT = 36
const CREATED_AT_MS = Date.UTC(2024, 4, 17, 9, 30)

const twoDigits = (n: number) => `${n}`.padStart(2, '0')

// Drawn when first wanted and once in a process: an emulator that is asked for no picture draws none.
const frames: readonly FileBody[] = Array.from({ length: FRAME_COUNT }, (_, i) =>
  createFileBody(() => encodePng(drawGem((i / FRAME_COUNT) * 2 * Math.PI))),
)
const photos = SCENES.map(scene => ({ scene, body: createFileBody(() => encodePng(drawLandscape(scene))) }))

/** Draws all pictures, one in each turn of the event loop, so that requests are answered in between. */
export async function drawSeed(signal: AbortSignal): Promise<void> {
  for (const body of [...photos.map(photo => photo.body), ...frames]) {
    await new Promise(resolve => setImmediate(resolve))
    if (signal.aborted) return
    body.sha256()
  }
}

/** A file that an emulator knows from the start. */
export interface SeedFile {
  /** Folder and name, as `'/products/chair.png'`. */
  readonly path: string
  /** What is in it. */
  readonly bytes: Uint8Array
  /** MIME type. @default 'application/octet-stream' */
  readonly type?: string | undefined
  /** Who sees it: all, or who has a key. @default that of its folder, which is public unless it is one of the emulator's own private ones */
  readonly visibility?: 'public' | 'private' | undefined
}

/** What an emulator knows at the start, and again after a reset. */
export interface SeedOptions {
  /** The project's token, of 1 to 64 letters, digits, `_` or `-`. @default SEED.token */
  token?: string | undefined
  /** Templates of this project besides the two of {@link SEED}, or in place of one by its identifier. @default none */
  templates?: readonly Omit<TemplateInput, 'token'>[] | undefined
  /** Files besides the pictures. @default none */
  files?: readonly SeedFile[] | undefined
  /** Whether the pictures are there that the emulator draws. @default true */
  pictures?: boolean | undefined
}

function addPictures(files: FileStore): void {
  files.addFolder('/spin', CREATED_AT_MS)
  files.addFolder('/spin-private', CREATED_AT_MS, 'private')

  const picture = { type: 'image/png', meta: {}, info: {}, tags: {} }
  frames.forEach((body, i) => {
    const file = { ...picture, name: `gem-${twoDigits(i + 1)}.png`, body, size: GEM_SIZE }
    for (const folder of ['/spin', '/spin-private']) files.add(folder, file, CREATED_AT_MS, 'version')
  })
  for (const { scene, body } of photos) {
    const { name, visibility } = scene
    files.add('/photos', { ...picture, name, visibility, body, size: LANDSCAPE_SIZE }, CREATED_AT_MS, 'version')
  }
}

/** @throws {TypeError} when this is no path of a file */
function addFile(files: FileStore, { path, bytes, type = '', visibility }: SeedFile): void {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!path.startsWith('/') || !name) throw new TypeError('files: a path such as /folder/name.png is wanted')
  try {
    const file = newFile(name, type, new Uint8Array(bytes), visibility && { visibility })
    files.add(parentOf(path), file, CREATED_AT_MS, 'version')
  } catch (error) {
    throw error instanceof Refusal ? new TypeError(`files: ${error.message}`) : error
  }
}

/** The two templates that every emulator has. */
const ownTemplates: Omit<TemplateInput, 'token'>[] = [
  {
    id: SEED.templateId,
    permissions: ['OBJECTS_LIST', 'OBJECTS_FETCH', 'FILE_UPLOAD', 'FILE_META_CREATE', 'DIR_CREATE', 'CONFIG_LIST'],
  },
  {
    id: SEED.narrowTemplateId,
    permissions: ['OBJECTS_LIST', 'FILE_UPLOAD'],
    validitySeconds: 60,
    upload: { folders: ['/inbox'] },
    listing: { folders: ['/inbox'] },
  },
]

/**
 * Fills a new world.
 *
 * @throws {TypeError} naming the option that is not as it should be
 */
export function seed(world: World, options: SeedOptions = {}): World {
  const { token = SEED.token, templates = [], files = [], pictures = true } = options
  if (!/^[\w-]{1,64}$/.test(token)) throw new TypeError('token: 1 to 64 letters, digits, _ or - are wanted')
  const project = world.addProject(token, [SEED.secretKey])
  project.files.addFolder('/inbox', CREATED_AT_MS)
  if (pictures) addPictures(project.files)
  for (const file of files) addFile(project.files, file)
  for (const template of ownTemplates) world.putTemplate(makeTemplate({ ...template, token }))
  for (const template of templates) {
    const parsed = parseTemplate({ ...template, token })
    if ('wrong' in parsed) throw new TypeError(`templates: wrong: ${parsed.wrong.join(', ')}`)
    world.putTemplate(parsed.template)
  }
  return world
}
