import { createFileBody, type FileBody } from '../file-body.ts'
import { makeTemplate } from '../templates.ts'
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

/** Fills a new world. */
export function seed(world: World): World {
  const { files } = world.addProject(SEED.token, [SEED.secretKey])
  files.addFolder('/spin', CREATED_AT_MS)
  files.addFolder('/spin-private', CREATED_AT_MS, 'private')
  files.addFolder('/inbox', CREATED_AT_MS)

  const picture = { type: 'image/png', meta: {}, info: {}, tags: {} }
  frames.forEach((body, i) => {
    const file = { ...picture, name: `gem-${twoDigits(i + 1)}.png`, body, size: GEM_SIZE }
    for (const folder of ['/spin', '/spin-private']) files.add(folder, file, CREATED_AT_MS, 'version')
  })
  for (const { scene, body } of photos) {
    const { name, visibility } = scene
    files.add('/photos', { ...picture, name, visibility, body, size: LANDSCAPE_SIZE }, CREATED_AT_MS, 'version')
  }

  const { token } = SEED
  world.putTemplate(
    makeTemplate({
      id: SEED.templateId,
      token,
      permissions: ['OBJECTS_LIST', 'OBJECTS_FETCH', 'FILE_UPLOAD', 'FILE_META_CREATE', 'DIR_CREATE', 'CONFIG_LIST'],
    }),
  )
  world.putTemplate(
    makeTemplate({
      id: SEED.narrowTemplateId,
      token,
      permissions: ['OBJECTS_LIST', 'FILE_UPLOAD'],
      validitySeconds: 60,
      upload: { folders: ['/inbox'] },
      listing: { folders: ['/inbox'] },
    }),
  )
  return world
}
