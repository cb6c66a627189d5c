/** A kind of key that somebody put into a link. */
export type KeyKind = 'secret' | 'access'

const ACCESS_KEY = /SASS_/i
// The digits of a template's identifier look the same: that is taken out before.
const SECRET_KEY = /(^|[^0-9a-f])[0-9a-f]{32}([^0-9a-f]|$)/i
const TEMPLATE = /SECU_[0-9a-f]{32}/gi

/** The key that a text holds, of which none belongs into a link or a form. */
export function keyIn(text: string): KeyKind | undefined {
  if (ACCESS_KEY.test(text)) return 'access'
  return SECRET_KEY.test(text.replace(TEMPLATE, '')) ? 'secret' : undefined
}

/** An address without the parameters, or the hash, that hold a key; and what kinds of key those were. */
export function withoutKeys(address: string): { address: string; found: KeyKind[] } {
  const url = new URL(address)
  const found = new Set<KeyKind>()
  const isClean = (text: string) => {
    const kind = keyIn(text)
    if (kind) found.add(kind)
    return !kind
  }
  const given = [...url.searchParams]
  const kept = given.filter(([name, value]) => isClean(name) && isClean(value))
  if (kept.length < given.length) url.search = new URLSearchParams(kept).toString()
  if (!isClean(decoded(url.hash))) url.hash = ''
  return { address: url.href, found: [...found] }
}

/** Without the escapes of an address; as it is where those are none. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
