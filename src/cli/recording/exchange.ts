import { decodeAccessKey } from '../../claims.js'
import type { ClaimShapes, RecordedResponse } from './fixture.js'
import type { Placeholders } from './placeholders.js'
import type { Probe } from './probes.js'

const MAX_BODY_BYTES = 64 * 1024

/** Whose values say something about the interface. Of the others a project's own marks might be among them. */
const TELLING_HEADERS =
  /^(access-control-.+|allow|cache-control|content-encoding|content-length|content-type|location|retry-after|vary|www-authenticate)$/

/** What differs from one connection to the next. */
const HOP_HEADERS = /^(connection|keep-alive|transfer-encoding)$/

type Sent = Pick<Probe, 'method' | 'path' | 'headers' | 'hasContent'>

/**
 * Sends a request and writes down what comes, keys removed.
 *
 * @param base the API's address, without a slash at the end
 * @throws {TypeError} when no answer comes; a `TimeoutError` when it does not come in time
 */
export async function exchange(
  base: string,
  { method, path, headers, hasContent }: Sent,
  placeholders: Placeholders,
  timeoutMs: number,
): Promise<RecordedResponse> {
  const filled = Object.entries(headers).map(([name, value]) => [name, placeholders.fill(value)] as const)
  // A key in the query may hold a plus sign.
  const response = await fetch(base + placeholders.fill(path).replaceAll('+', '%2B'), {
    method,
    headers: Object.fromEntries(filled),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const text = await readText(response)
  const body = asJson(text)
  const key = placeholders.learnKey(body)
  return {
    status: response.status,
    headers: headersOf(response, placeholders),
    ...(body !== undefined && { body: placeholders.hide(hasContent ? withoutTexts(body) : body) }),
    ...(body === undefined && text && { text: placeholders.hide(text) as string }),
    ...(key !== undefined && { claims: claimShapes(key) }),
  }
}

async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) break
  }
  return text
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function headersOf({ headers }: Response, placeholders: Placeholders): Record<string, string> {
  const kept = [...headers].filter(([name]) => !HOP_HEADERS.test(name))
  const value = ([name, text]: [string, string]) =>
    (TELLING_HEADERS.test(name) ? placeholders.hide(text) : '…') as string
  return Object.fromEntries(kept.map(entry => [entry[0], value(entry)]))
}

/** What the service itself says stays. */
const KEPT = new Set(['status', 'code', 'msg', 'hint'])

/** A body of which the texts are left out that are people's own: names, addresses, descriptions. */
function withoutTexts(value: unknown, isWhole = true): unknown {
  if (typeof value === 'string') return '…'
  if (Array.isArray(value)) return value.map(item => withoutTexts(item, false))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([name, item]) => [name, isWhole && KEPT.has(name) ? item : withoutTexts(item, false)]),
  )
}

/**
 * With all its claims a key without a signature could be put together again: so only of which kind they are. `age` and
 * `p` are the ones whose values are worth knowing.
 */
function claimShapes(key: string): ClaimShapes | undefined {
  if (!decodeAccessKey(key)) return undefined
  const payload = [...key.split('__')[2]!].reverse().join('')
  const text = new TextDecoder().decode(Uint8Array.from(atob(payload), byte => byte.charCodeAt(0)))
  const claims = text.split('\t').map(pair => {
    const [name, value] = [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]
    return [name, name === 'age' || name === 'p' ? value : shapeOf(value)] as const
  })
  return Object.fromEntries(claims)
}

function shapeOf(value: string): string {
  if (value.startsWith('\u001B')) return `list of ${value.length > 1 ? value.slice(1).split('\u001C').length : 0}`
  if (/^\d+$/.test(value)) return `${value.length} digits`
  return /^[\da-f]+$/.test(value) ? `${value.length} hexadecimal digits` : `${value.length} characters`
}
