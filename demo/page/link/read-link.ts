import { type KeyKind, keyIn, withoutKeys } from './keys-in-address.ts'

/** A part of a page's state that a link can carry. */
export interface Parameter {
  name: string
  /** What it may be, in a few words, for a note and for the list in `demo/README.md`. */
  wanted: string
  accepts(value: string): boolean
}

/** What a link says, by the names of its parameters; only values that their parameter accepts. */
export type LinkedState = Readonly<Record<string, string>>

/** What was read out of an address, and what a reader should know of the rest of it. */
export interface ReadLink {
  state: LinkedState
  notes: string[]
}

const LONGEST_VALUE = 2000
const QUOTED_CHARACTERS = 40
const NOTES_SHOWN = 6

const KEY_NOTES: Record<KeyKind, string> = {
  secret:
    'This link held an API secret key. It was taken out of the address and not used. It belongs on a server, never in a browser: revoke it, since links end up in histories and logs.',
  access:
    'This link held an access key. It was taken out of the address and not used: the page gets a key by itself, from a Security Template.',
}

export function oneOf(name: string, values: readonly string[]): Parameter {
  return { name, wanted: values.join(', '), accepts: value => values.includes(value) }
}

/** What is typed into a field: the field says what is wrong with it. */
export function text(name: string, wanted: string, pattern = /^[^\p{Cc}]*$/u): Parameter {
  return { name, wanted, accepts: value => pattern.test(value) }
}

/** Reads a query by the parameters that a page knows. Anything else in it is ignored, with a note, and does no harm. */
export function readLink(search: string, parameters: readonly Parameter[]): ReadLink {
  const state: Record<string, string> = Object.create(null) as Record<string, string>
  const notes: string[] = []
  for (const [name, value] of new URLSearchParams(search)) {
    // Taken out and told of by `takeKeysOutOfAddress`.
    if (keyIn(name) || keyIn(value)) continue
    const parameter = parameters.find(known => known.name === name)
    if (!parameter) notes.push(`${quoted(name)} is unknown here and was ignored.`)
    else if (name in state) notes.push(`${quoted(name)} is there more than once: the first was taken.`)
    else if (value.length > LONGEST_VALUE || !parameter.accepts(value))
      notes.push(`${quoted(`${name}=${value}`)} was ignored. Possible: ${parameter.wanted}.`)
    else state[name] = value
  }
  const more = notes.length - NOTES_SHOWN
  return { state, notes: more > 0 ? [...notes.slice(0, NOTES_SHOWN), `And ${more} more of the kind.`] : notes }
}

/** A query with these values; left out are parameters without one, and any key that somebody typed. */
export function writeQuery(state: Record<string, string | undefined>): string {
  const written = Object.entries(state).filter((entry): entry is [string, string] => !!entry[1] && !keyIn(entry[1]))
  const query = new URLSearchParams(written)
  // These need no escape in a query, and a person may want to read the link.
  const readable = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
  return readable && `?${readable}`
}

/**
 * Somebody followed, or made, a link with a key in it: out of the address bar and the history, at once.
 *
 * @returns what to tell the reader
 */
export function takeKeysOutOfAddress(): string[] {
  const { address, found } = withoutKeys(location.href)
  if (found.length > 0) history.replaceState(history.state, '', address)
  return found.map(kind => KEY_NOTES[kind])
}

/** What a stranger wrote, so that it can be found in the link and not mistaken for the page's own words. */
export function quoted(words: string): string {
  const short = words.length > QUOTED_CHARACTERS ? `${words.slice(0, QUOTED_CHARACTERS)}…` : words
  return `“${short.replace(/\p{C}/gu, '�')}”`
}
