import { signal } from '@preact/signals'
import type { AuthEvent } from '../../src/index.ts'
import type { LogEntry } from './emulator-link.ts'
import { eventWords, readablePath } from './event-words.ts'

/** One line of the timeline. */
export interface TimelineEntry {
  id: string
  atMs: number
  kind: 'key' | 'signed' | 'unsigned' | 'preflight' | 'note'
  what: string
  detail?: string | undefined
  tone: 'plain' | 'good' | 'warning' | 'bad'
  status?: number | undefined
  durationMs?: number | undefined
  keyLabel?: string | undefined
}

const ENTRIES_KEPT = 400

/** Newest first. */
export const timeline = signal<readonly TimelineEntry[]>([])

const nothing = { keyRequests: 0, signed: 0, refused: 0, preflights: 0 }

/** Since the page was opened, or the connection changed; also of what the timeline no longer holds. */
export const counts = signal(nothing)

let lastId = 0

export function nextId(): string {
  return `page-${++lastId}`
}

export function clearTimeline(): void {
  timeline.value = []
  counts.value = nothing
}

/** What the auth says of itself; its requests are told of by whoever sees them. */
export function recordAuthEvent(event: AuthEvent): void {
  if (event.type === 'key') return
  add([{ id: nextId(), atMs: event.atMs, tone: 'plain', kind: 'note', ...eventWords(event) }])
}

/** What the emulator saw. */
export function recordLog(entries: LogEntry[]): void {
  add(
    entries.map(({ id, atMs, kind, method, path, status, keyIn, keyLabel, durationMs }) => ({
      id: `log-${id}`,
      atMs,
      kind: kind === 'key' || kind === 'preflight' ? kind : keyIn === 'none' ? 'unsigned' : 'signed',
      what: `${method} ${readablePath(path)}`,
      detail: keyIn === 'url' || keyIn === 'both' ? 'key in the URL: the uploader’s own call' : undefined,
      tone: status === 0 || status >= 400 ? 'bad' : 'plain',
      status,
      durationMs,
      keyLabel,
    })),
  )
}

export function add(entries: TimelineEntry[]): void {
  if (entries.length === 0) return
  counts.value = entries.reduce(withEntry, counts.value)
  const all = [...timeline.value]
  for (const entry of entries) {
    // The log comes later than what it tells of.
    const before = all.findIndex(other => other.atMs <= entry.atMs)
    all.splice(before === -1 ? all.length : before, 0, entry)
  }
  timeline.value = all.slice(0, ENTRIES_KEPT)
}

function withEntry(totals: typeof nothing, { kind, tone }: TimelineEntry): typeof nothing {
  const { keyRequests, signed, refused, preflights } = totals
  return {
    keyRequests: keyRequests + Number(kind === 'key'),
    signed: signed + Number(kind === 'signed'),
    // A widget's own unsigned requests are none of the key's.
    refused: refused + Number(tone === 'bad' && (kind === 'key' || kind === 'signed')),
    preflights: preflights + Number(kind === 'preflight'),
  }
}
