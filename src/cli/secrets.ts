/** Published secret keys are 32 hexadecimal digits. A template's identifier has as many, behind `SECU_`. */
const SECRET_KEY = /(?<!SECU_)(?<![\da-f])[\da-f]{32}(?![\da-f])/gi
// `ERR_SASS_INVALID` is a word of the service's. A key may hold every sign by the library's own rule; a quotation mark
// and `&` end it, as they end a text of JSON and a part of a query.
const ACCESS_KEY = /(?<!ERR_)SASS_[!#-%'-~]{4,}/g

/**
 * Whether an argument is a secret key, by itself or behind a name: `0123…`, `--token=0123…`, `--0123…`.
 * A folder whose name only holds such digits is none.
 */
export function isSecretKey(argument: string): boolean {
  return /^\s*(--?([\w-]+=)?)?[\da-f]{32}\s*$/i.test(argument)
}

/** A text in which no key can be read any more. */
export function withoutKeys(text: string): string {
  return text.replace(ACCESS_KEY, 'SASS_…').replace(SECRET_KEY, '…')
}

/** What a server said, for a terminal: on one line, without what would steer the terminal, and not too long. */
export function quoted(text: string): string {
  const line = withoutKeys(text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim())
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
