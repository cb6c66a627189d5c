export interface ImageSize {
  readonly widthPx: number
  readonly heightPx: number
}

const startsWith = (bytes: Uint8Array, text: string, at = 0) =>
  Array.from(text).every((char, i) => bytes[at + i] === char.charCodeAt(0))

/** Walks a JPEG's segments to the frame header; every other segment is skipped by its length. */
function jpegSize(bytes: Uint8Array, view: DataView): ImageSize | undefined {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { widthPx: view.getUint16(at + 7), heightPx: view.getUint16(at + 5) }
  }
  return undefined
}

function webpSize(bytes: Uint8Array, view: DataView): ImageSize | undefined {
  if (startsWith(bytes, 'VP8X', 12))
    return {
      widthPx: 1 + (view.getUint32(24, true) & 0xffffff),
      heightPx: 1 + (view.getUint16(27, true) | (view.getUint8(29) << 16)),
    }
  if (startsWith(bytes, 'VP8 ', 12))
    return { widthPx: view.getUint16(26, true) & 0x3fff, heightPx: view.getUint16(28, true) & 0x3fff }
  if (startsWith(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true)
    return { widthPx: 1 + (bits & 0x3fff), heightPx: 1 + ((bits >>> 14) & 0x3fff) }
  }
  return undefined
}

/** Reads the size out of a PNG's, GIF's, JPEG's or WebP's header; `undefined` for anything else. */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  if (bytes.length < 30) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (startsWith(bytes, '\x89PNG\r\n')) return { widthPx: view.getUint32(16), heightPx: view.getUint32(20) }
  if (startsWith(bytes, 'GIF8')) return { widthPx: view.getUint16(6, true), heightPx: view.getUint16(8, true) }
  if (startsWith(bytes, '\xff\xd8')) return jpegSize(bytes, view)
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return webpSize(bytes, view)
  return undefined
}
