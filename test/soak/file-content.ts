import { seededRandom } from '../model/random.ts'

/** A file that is to be uploaded: its content follows from its number and size, here and in a page. */
export interface SoakFile {
  number: number
  sizeBytes: number
}

export const SOAK_FOLDER = '/soak'

export const nameOf = ({ number }: SoakFile) => `soak-${String(number).padStart(5, '0')}`

/** No two files have the same. */
export function contentOf({ number, sizeBytes }: SoakFile): Uint8Array<ArrayBuffer> {
  const random = seededRandom(number)
  const bytes = new Uint8Array(sizeBytes)
  for (let at = 0; at < sizeBytes; at++) bytes[at] = random() * 256
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}
