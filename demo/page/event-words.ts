import type { AuthEvent } from '../../src/index.ts'
import { leftWords, spanWords } from './time-words.ts'
import type { TimelineEntry } from './timeline.ts'

type NotedEvent = Exclude<AuthEvent, { type: 'key' }>
type Note = Pick<TimelineEntry, 'what' | 'detail'> & { tone?: TimelineEntry['tone'] }
type WordsOf = { [Type in NotedEvent['type']]: (event: Extract<NotedEvent, { type: Type }>) => Note }

const WORDS: WordsOf = {
  cache_hit: ({ expiresAtMs, atMs }) => ({
    what: 'Key taken from storage, no request',
    detail: `good for ${spanWords(Math.round((expiresAtMs - atMs) / 1000))}`,
    tone: 'good',
  }),
  failure: ({ error, retryAtMs, atMs }) => ({
    what: 'No key could be had',
    detail: retryAtMs === undefined ? error.code : `${error.code}, next try in ${leftWords(retryAtMs - atMs)}`,
    tone: 'bad',
  }),
  wait: ({ untilMs, atMs }) => ({
    what: 'Waiting: whoever wants a key gets it after the next try',
    detail: `in ${leftWords(untilMs - atMs)}`,
    tone: 'warning',
  }),
  resend: ({ status }) => ({
    what: 'Refused because of its key: sent once more, with a new one',
    detail: String(status),
    tone: 'warning',
  }),
  invalidated: () => ({ what: 'The key is given up', tone: 'warning' }),
  cleared: () => ({ what: 'Signed out: the key is forgotten, here and in other tabs' }),
  degraded: () => ({ what: 'Storage does not work: memory takes over', tone: 'warning' }),
  option_ignored: ({ option }) => ({ what: `Another instance came first: ${option} is not used` }),
  widget_degraded: ({ widget, missing }) => ({ what: `The ${widget} goes on in a plainer way: it has no ${missing}` }),
}

/** An event of the auth as a line of the timeline. */
export function eventWords(event: NotedEvent): Note {
  return (WORDS[event.type] as (event: NotedEvent) => Note)(event)
}

/** Without the 37 characters of a template, of which a reader needs none, and what is asked for a picture's size. */
export function readablePath(path: string): string {
  const short = path.replace(/SECU_[0-9A-F]{32}/i, 'SECU_…').replace(/^(\/cdn\/[^?]*)\?.*/, '$1')
  try {
    return decodeURIComponent(short)
  } catch {
    return short
  }
}
