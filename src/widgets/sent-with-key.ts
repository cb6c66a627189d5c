import type { ConnectableAuth } from '../connectable.js'

/** What the service said to one try, as far as it is about the key. */
export interface Answer {
  /** HTTP status; without an answer it stays 500, which says nothing of a key. */
  status: number
  /** The service's word where it refused the key. */
  refusal?: string | undefined
}

/**
 * Sends something with a key, and once more with a new one when that was refused: what `auth.fetch` does, for what a
 * widget sends by itself.
 *
 * @param attempt sends, writes down what the service said, and settles as it should for everybody, except where it is
 *   not the last and the key was refused
 * @param keyAtOnce a key where it is there without waiting: what is sent stays in its turn then
 * @throws {AuthError} `key_rejected`; and as `keyFor` and the last `attempt`
 */
export async function sentWithKey<T>(
  auth: ConnectableAuth,
  keyFor: () => Promise<string>,
  attempt: (key: string, isLast: boolean, answer: Answer) => Promise<T>,
  keyAtOnce?: () => string | false | undefined,
): Promise<T> {
  for (let isLast = false; ; isLast = true) {
    const key = keyAtOnce?.() || (await keyFor())
    const answer: Answer = { status: 500 }
    const sent = attempt(key, isLast, answer)
    await sent.catch(() => {})
    const { status, refusal } = answer
    const verdict = Promise.resolve(auth.judge?.(key, status, refusal))
    if (isLast || !refusal) {
      // What was said to the widget is said.
      verdict.catch(() => {})
      return sent
    }
    await verdict
    auth.emit?.({ type: 'resend', status })
  }
}
