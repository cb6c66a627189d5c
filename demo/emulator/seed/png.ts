import { crc32, deflateSync } from 'node:zlib'

/** Pixels of a picture: red, green, blue, row by row. */
export interface Picture {
  readonly widthPx: number
  readonly heightPx: number
  readonly rgb: Uint8Array
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const BYTES_PER_PIXEL = 3
const TRUE_COLOUR = 2

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** The neighbour (left, above, above left) that comes nearest to left + above - above left; PNG's fourth filter. */
function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner
  const toLeft = Math.abs(estimate - left)
  const toAbove = Math.abs(estimate - above)
  const toCorner = Math.abs(estimate - corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}

/** Each row behind its filter's number: what is stored is the difference to the estimate, which is mostly near 0. */
function filtered({ widthPx, heightPx, rgb }: Picture): Uint8Array {
  const stride = widthPx * BYTES_PER_PIXEL
  const out = new Uint8Array((stride + 1) * heightPx)
  for (let y = 0; y < heightPx; y++) {
    const from = y * stride
    const to = y * (stride + 1) + 1
    out[to - 1] = 4
    for (let x = 0; x < stride; x++) {
      const left = x < BYTES_PER_PIXEL ? 0 : (rgb[from + x - BYTES_PER_PIXEL] as number)
      const above = y === 0 ? 0 : (rgb[from + x - stride] as number)
      const corner = x < BYTES_PER_PIXEL || y === 0 ? 0 : (rgb[from + x - stride - BYTES_PER_PIXEL] as number)
      out[to + x] = (rgb[from + x] as number) - paeth(left, above, corner)
    }
  }
  return out
}

/** A picture as a PNG file. */
export function encodePng(picture: Picture): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(picture.widthPx, 0)
  header.writeUInt32BE(picture.heightPx, 4)
  header.set([8, TRUE_COLOUR, 0, 0, 0], 8)
  return new Uint8Array(
    Buffer.concat([
      SIGNATURE,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(filtered(picture), { level: 4 })),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  )
}
