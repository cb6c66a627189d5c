import type { RunningEmulator } from '../../demo/emulator/index.ts'
import { decodeAccessKey } from '../../src/index.ts'

/** What the library takes a key to live where nobody tells. */
const DEFAULT_SECONDS = 1200
const LONGEST_BODY_BYTES = 65_536

/** A key as a page was given it. */
export interface GivenKey {
  atMs: number
  /** From when on a page whose clock is right knows that it is dead. */
  knownDeadAtMs: number
  timesGiven: number
}

/** Stands at the service's door and writes down which keys go out, and what requests are answered. */
export class KeyRegister {
  readonly keys = new Map<string, GivenKey>()
  /** Signed requests and uploads by their status. */
  readonly statuses: Record<string, number> = {}
  keyRequestCount = 0
  keyRefusalCount = 0

  constructor({ emulator: { app } }: RunningEmulator, nowMs: () => number) {
    const serve = app.fetch.bind(app)
    app.fetch = async (request, from) => {
      const atMs = nowMs()
      const response = await serve(request, from)
      if (request.method !== 'OPTIONS') await this.#note(request, response, atMs)
      return response
    }
  }

  async #note(request: Request, response: Response, atMs: number): Promise<void> {
    const { status, headers } = response
    if (request.headers.has('X-Filerobot-Key')) this.statuses[status] = (this.statuses[status] ?? 0) + 1
    if (!/^\/[^/]+\/key\//.test(new URL(request.url).pathname)) return
    this.keyRequestCount++
    if (status === 429) this.keyRefusalCount++
    // What has no length may never end, and what is longer is not believed.
    const lengthBytes = Number(headers.get('Content-Length') ?? Number.NaN)
    if (status !== 200 || !(lengthBytes > 0 && lengthBytes < LONGEST_BODY_BYTES)) return
    const text = await response.clone().text()
    if (!/^\{.*"key":"SASS_/.test(text)) return
    const { key, key_validity } = JSON.parse(text) as { key: string; key_validity?: { expire_duration?: number } }
    const told = [key_validity?.expire_duration, decodeAccessKey(key)?.ageSeconds].filter(seconds => seconds! >= 1)
    const lifetimeMs = 1000 * Math.min(...(told.length > 0 ? (told as number[]) : [DEFAULT_SECONDS]))
    const known = this.keys.get(key)
    if (known) known.timesGiven++
    else this.keys.set(key, { atMs, knownDeadAtMs: atMs + lifetimeMs, timesGiven: 1 })
  }
}
