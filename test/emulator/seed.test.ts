import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { imageSize } from '../../demo/emulator/image-size.ts'
import { SEED } from '../../demo/emulator/index.ts'
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
