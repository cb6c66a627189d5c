import { AuthError } from '../../errors.js'
import { withoutQuery } from '../signed-download.js'

/**
 * A loaded image as an element. Its object URL is wanted while the editor is open, whose "compare" button shows the
 * original by it: revoke `src` after that.
 *
 * @throws {AuthError} `server` when it is no image
 */
export async function imageElement(blob: Blob, url: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = URL.createObjectURL(blob)
  await image.decode().catch(() => {
    URL.revokeObjectURL(image.src)
    throw new AuthError('server', `${withoutQuery(url)} is no image`)
  })
  return image
}
