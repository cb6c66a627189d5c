/** No answer that this library reads is larger. */
const MAX_BODY_BYTES = 64 * 1024

/**
 * Reads a response's body as JSON, and no more of it than 64 kB.
 *
 * @returns `undefined` when it is larger, or no JSON
 */
export async function readJson({ body }: Response): Promise<unknown> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.length
    text += decoder.decode(value, { stream: true })
    if (bytes > MAX_BODY_BYTES) {
      void reader.cancel()
      return
    }
  }
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}
