import { emulator } from './emulator-link.ts'
import { readablePath } from './event-words.ts'
import { add, nextId } from './timeline.ts'

let keyRequestMs: number | undefined

/** How long the last key request took to be answered. */
export const lastKeyRequestMs = () => keyRequestMs

/**
 * `fetch`, for the auth of this page: takes the time, and adds a line to the timeline where the API is not the
 * emulator, whose log tells more. What the widgets send by `XMLHttpRequest` is not seen.
 */
export const watchedFetch: typeof fetch = async (input, init) => {
  const { method, url, headers } = input instanceof Request ? input : new Request(input, init)
  const kind = headers.has('X-Filerobot-Key') ? 'signed' : 'key'
  const startedMs = performance.now()
  const record = (status: number) => {
    const durationMs = performance.now() - startedMs
    if (kind === 'key') keyRequestMs = durationMs
    if (emulator.value) return
    const what = `${method} ${readablePath(new URL(url).pathname)}`
    const tone = status === 0 || status >= 400 ? 'bad' : 'plain'
    add([{ id: nextId(), atMs: Date.now(), kind, what, tone, status, durationMs }])
  }
  try {
    const response = await fetch(input, init)
    record(response.status)
    return response
  } catch (error) {
    record(0)
    throw error
  }
}
