import type { ConnectableAuth } from '../../connectable.js'
import { refusalWord } from '../../refusal.js'
import { KEY_HEADER } from '../key-header.js'

/** Is told the service's answer; returns the word with which it refused the key, where it did. */
export type Answered = (status: number, body: unknown) => string | undefined

/**
 * `auth.fetch` for what a widget sends by itself: it is sent once more where its key was refused.
 *
 * @param send sends with a key, tells what the answer was, and settles as the last try shall settle
 * @throws {AuthError} as `auth.fetch`; and what the last `send` throws
 */
export async function sentByWidget<T>(
  auth: ConnectableAuth,
  url: string | URL,
  send: (key: string, isFirst: boolean, answered: Answered) => Promise<T>,
): Promise<T> {
  let sent: Promise<T> | undefined
  await auth.fetch(url, {
    async send({ headers }) {
      // Without an answer it says nothing of the key.
      let status = 500
      let code: string | undefined
      sent = send(headers.get(KEY_HEADER)!, !sent, (answered, body) => {
        status = answered
        return (code = refusalWord(body))
      })
      await sent.catch(() => {})
      // A blob gives its type to the response, without which a refusal of 200 is none.
      return new Response(new Blob([JSON.stringify({ code })], { type: 'json' }), { status })
    },
  })
  return sent!
}
