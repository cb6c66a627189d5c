/** No answer that this library reads is larger. */
const MAX_BODY_BYTES = 64 * 1024

/**
 * Reads a response's body as JSON, and no more of it than 64 kB.
 *
 * @returns `undefined` when it is larger, or no JSON
 * @throws when the connection fails
 */
export async function readJson({ body }: Response): Promise<unknown> {
  let bytes = 0
  const limit = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.length
      if (bytes > MAX_BODY_BYTES) throw new SyntaxError()
      controller.enqueue(chunk)
    },
  })
  return new Response(body?.pipeThrough(limit)).json().catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error
  })
}
