import { createHash } from 'node:crypto'

/** A file's bytes, made when they are first wanted. */
export interface FileBody {
  bytes(): Uint8Array<ArrayBuffer>
  /** Lower-case hexadecimal. */
  sha256(): string
}

export function createFileBody(make: () => Uint8Array<ArrayBuffer>): FileBody {
  let bytes: Uint8Array<ArrayBuffer> | undefined
  let sha256: string | undefined
  const body: FileBody = {
    bytes: () => (bytes ??= make()),
    sha256: () => (sha256 ??= createHash('sha256').update(body.bytes()).digest('hex')),
  }
  return body
}
