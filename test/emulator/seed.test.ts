import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { imageSize } from '../../demo/emulator/image-size.ts'
import { createEmulator, type EmulatorOptions, SEED } from '../../demo/emulator/index.ts'
import { drawGem } from '../../demo/emulator/seed/gem.ts'
import { encodePng } from '../../demo/emulator/seed/png.ts'
import { startForTest } from './fixture.ts'

test('the seed holds both spins of 36 frames, photographs of both kinds and an empty inbox', async () => {
  const { emulator } = await startForTest()
  const files = emulator.files()
  const inFolder = (folder: string) => files.filter(({ path }) => path.startsWith(`${folder}/`))
  expect(
    inFolder('/spin')
      .map(({ path }) => path)
      .slice(0, 2),
  ).toEqual(['/spin/gem-01.png', '/spin/gem-02.png'])
  expect(inFolder('/spin')).toHaveLength(36)
  expect(inFolder('/spin-private').every(({ visibility }) => visibility === 'private')).toBe(true)
  expect(inFolder('/spin-private').map(({ sha256 }) => sha256)).toEqual(inFolder('/spin').map(({ sha256 }) => sha256))
  expect(new Set(inFolder('/spin').map(({ sha256 }) => sha256)).size).toBe(36)
  expect(inFolder('/photos').map(({ visibility }) => visibility)).toEqual(expect.arrayContaining(['public', 'private']))
  expect(inFolder('/inbox')).toEqual([])
  expect(SEED.templateId).toMatch(/^SECU_[0-9A-F]{32}$/)
}, 60_000)

describe('an emulator that was told what to know', () => {
  const ID = 'SECU_0123456789ABCDEF0123456789ABCDEF'
  const bytes = new TextEncoder().encode('hello')
  const told: EmulatorOptions = {
    token: 'fusqadtm',
    pictures: false,
    templates: [{ id: ID, permissions: ['OBJECTS_LIST'], validitySeconds: 30, listing: { folders: ['/notes'] } }],
    files: [
      { path: '/notes/a.txt', bytes, type: 'text/plain' },
      { path: '/b.bin', bytes: Buffer.from(bytes), visibility: 'private' },
    ],
    faults: { sameKeyAgain: true },
  }
  const keyOf = async ({ app }: ReturnType<typeof createEmulator>, templateId: string, token = 'fusqadtm') =>
    (await (await app.request(`/${token}/key/${templateId}`)).json()) as { key: string }

  test('has that project, those templates besides its own, and those files alone', async () => {
    const emulator = createEmulator(told)
    expect(emulator.files().map(({ token, path, type, visibility }) => [token, path, type, visibility])).toEqual([
      ['fusqadtm', '/notes/a.txt', 'text/plain', 'public'],
      ['fusqadtm', '/b.bin', 'application/octet-stream', 'private'],
    ])
    for (const id of [ID, SEED.templateId, SEED.narrowTemplateId]) {
      expect(await keyOf(emulator, id)).toMatchObject({ status: 'success' })
    }
    expect(await keyOf(emulator, SEED.templateId, SEED.token)).toMatchObject({ status: 'error' })
  })

  test('has its faults from the start and again after a reset, and none when they are cleared', async () => {
    const emulator = createEmulator(told)
    const { key } = await keyOf(emulator, ID)
    expect((await keyOf(emulator, ID)).key).toBe(key)
    emulator.clearFaults()
    expect(emulator.faults.sameKeyAgain).toBe(false)
    emulator.reset()
    expect(emulator.faults.sameKeyAgain).toBe(true)
    expect(emulator.files('/notes')).toHaveLength(1)
  })

  test('may have one of its own templates replaced', async () => {
    const emulator = createEmulator({ templates: [{ id: SEED.templateId, keyRequestsPerMinute: 0 }] })
    expect(await keyOf(emulator, SEED.templateId, SEED.token)).toMatchObject({ status: 'error' })
  })

  test.each([
    [{ token: 'a b' }, 'token: 1 to 64'],
    [{ templates: [{ id: 'SECU_1' }] }, 'templates: wrong: id'],
    [{ files: [{ path: 'a.txt', bytes }] }, 'files: a path such as'],
    [{ files: [{ path: '/a/', bytes }] }, 'files: a path such as'],
    [{ files: [{ path: '/../a.txt', bytes }] }, 'files: This is not a folder path'],
    [{ faults: { latencyMs: -1 } }, 'latencyMs must be a number of milliseconds, 0 or more'],
  ] as [EmulatorOptions, string][])('is not made of %o, and says why', (options, expected) => {
    expect(() => createEmulator(options)).toThrow(expected)
    expect(() => createEmulator(options)).toThrow(TypeError)
  })
})

test('a drawing is told with its true size', () => {
  const picture = drawGem(0)
  expect(imageSize(encodePng(picture))).toEqual({ widthPx: picture.widthPx, heightPx: picture.heightPx })
})

test('a PNG holds the pixels that it was made from', () => {
  const rgb = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => (i * 71) % 256)
  const png = Buffer.from(encodePng({ widthPx: 4, heightPx: 3, rgb }))
  const at = png.indexOf('IDAT')
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
  const seen = new Uint8Array(rgb.length)
  for (let y = 0; y < 3; y++)
    for (let x = 0; x < 12; x++) {
      const left = x < 3 ? 0 : (seen[y * 12 + x - 3] ?? 0)
      const above = y === 0 ? 0 : (seen[(y - 1) * 12 + x] ?? 0)
      const corner = x < 3 || y === 0 ? 0 : (seen[(y - 1) * 12 + x - 3] ?? 0)
      const estimate = left + above - corner
      const nearest = [left, above, corner].reduce((a, b) => (Math.abs(estimate - b) < Math.abs(estimate - a) ? b : a))
      seen[y * 12 + x] = (rows[y * 13 + 1 + x] ?? 0) + nearest
    }
  expect(seen).toEqual(rgb)
})
