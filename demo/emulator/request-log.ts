/** What a request asks for; `api` is what needs a key and is none of the others. */
export type RequestKind = 'key' | 'key_info' | 'list' | 'upload' | 'delivery' | 'api' | 'preflight' | 'other'

/** A request that is over. */
export interface LogEntry {
  /** Counts up, also across resets. */
  readonly id: number
  /** When the request came, in real milliseconds since 1970, whatever the server's clock was set to. */
  readonly atMs: number
  /** `'GET'`, for example. */
  readonly method: string
  /** Path and query, a key's value replaced. */
  readonly path: string
  /** What it asked for. */
  readonly kind: RequestKind
  /** 0 where there was no answer. */
  readonly status: number
  /** The page's origin, or `''`. */
  readonly origin: string
  /** Where the request carried a key. */
  readonly keyIn: 'none' | 'header' | 'url' | 'both'
  /** Tells two keys apart without showing them; `''` without a key. */
  readonly keyLabel: string
  /** From its headers to the end of its answer. */
  readonly durationMs: number
  /** Of its body. */
  readonly bytesIn: number
  /** Of its answer's body. */
  readonly bytesOut: number
}

export interface RequestLog {
  add(entry: Omit<LogEntry, 'id'>): void
  entries(afterId?: number): LogEntry[]
  readonly lastId: number
}

const MAX_ENTRIES = 5000

export function createRequestLog(lastId = 0): RequestLog {
  let entries: LogEntry[] = []
  let last = lastId
  return {
    add(entry) {
      last += 1
      entries.push({ id: last, ...entry })
      // Cut in steps: shifting at every request would move 5,000 entries each time.
      if (entries.length > MAX_ENTRIES * 1.1) entries = entries.slice(-MAX_ENTRIES)
    },
    entries: (afterId = 0) => entries.slice(-MAX_ENTRIES).filter(entry => entry.id > afterId),
    get lastId() {
      return last
    },
  }
}
