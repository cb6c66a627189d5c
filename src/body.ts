/** No answer that this library reads is larger. */
const MAX_BODY_BYTES = 64 * 1024

/**
 * Reads a response's body as JSON, and no more of it than 64 kB.
 *
 * @param enoughBytes with more than this it does not wait for the rest: with 0 the first piece has to be all
 * @returns `undefined` when it is larger, or no JSON
 */
export async function readJson({ body }: Response, enoughBytes = MAX_BODY_BYTES): Promise<unknown> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  while (reader && bytes <= enoughBytes) {
    const { done, value } = await reader.read()
    if (done) break
    // Pieces without a byte would go on for ever.
    bytes += value.length || 1
    text += decoder.decode(value, { stream: true })
  }
  // Rejects where the body broke meanwhile.
  reader?.cancel().catch(() => {})
  try {
    return bytes > MAX_BODY_BYTES ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
