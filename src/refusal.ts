import { readJson } from './body.js'
import { own } from './untrusted.js'

/** Why the service refused a key, in its own words; they are known from the vendor's clients. */
export const EXPIRED = 'KEY_EXPIRED'
const INVALID = 'ERR_SASS_INVALID'

/**
 * Whether a response says that its request's key was refused, and in which words. With which status it does is not
 * known, so a 200 counts too. Reads a clone, at most 64 kB of it: the caller's response stays unread.
 */
export async function readRefusal(response: Response): Promise<string | undefined> {
  const { status, headers } = response
  const isOk = status === 200 && /json/i.test(headers.get('Content-Type') as string)
  if (!isOk && !(status > 399 && status < 500)) return
  // A success may be long, or never end; a refusal comes in one piece. What breaks off is for who reads it to find out.
  return refusalWord(await readJson(response.clone(), isOk ? 0 : undefined).catch(() => {}))
}

/** The word with which a body says so, where it does. */
export function refusalWord(body: unknown): string | undefined {
  return [EXPIRED, INVALID].find(word => own(body, 'code') === word || own(body, 'msg') === word)
}
