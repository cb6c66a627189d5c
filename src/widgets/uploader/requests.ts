import type { ConnectableAuth } from '../../connectable.js'
import { AuthError, isAuthError } from '../../errors.js'
import { race } from '../../race.js'
import { refusalWord } from '../../refusal.js'
import { KEY_HEADER } from '../key-header.js'
import type { ApiClient, ClientRequest } from './core.js'
import { sentByWidget } from './sent-by-widget.js'

/** The widget shows nothing before key/info has answered. */
const KEY_INFO_TIMEOUT_MS = 10_000

/**
 * Makes a live core's API client put the present key on what it sends, and send once more what was refused because of
 * its key: the widget hears of the second refusal only.
 *
 * @param inWords an error in a visitor's words
 * @param onNoInfo is told when key/info does not answer: what the key permits is then left to the service
 * @returns what takes it back
 */
export function guardRequests(
  auth: ConnectableAuth,
  client: ApiClient,
  inWords: (error: AuthError) => string,
  onNoInfo: () => void,
): () => void {
  const send = client._send
  const signed = (url: string, request: ClientRequest): Promise<unknown> => {
    const { headers, avoidErrorMsg, onError } = request
    const address = new URL(url, request.baseApi || client._baseEndpoint)
    return sentByWidget(auth, address, async (key, isFirst, answered) => {
      let failed: unknown
      const isUnseen = () => isFirst && refusalWord(failed)
      try {
        const body = await send(url, {
          ...request,
          headers: { ...headers, [KEY_HEADER]: key },
          onError(body) {
            failed = body
            if (!isUnseen()) onError?.(body)
          },
          avoidErrorMsg: body =>
            isUnseen() || (typeof avoidErrorMsg === 'function' ? avoidErrorMsg(body) : avoidErrorMsg),
        })
        answered(200, body)
        return body
      } catch (error) {
        answered((error as { code?: number } | undefined)?.code || 500, failed)
        throw error
      }
    })
  }

  const guarded: ApiClient['_send'] = (url, request = {}) => {
    if (url.includes('/key/info?')) {
      // It has its key in its address, and goes to nobody who has not that key already.
      return race(() => send(url, { ...request, avoidErrorMsg: true }), [], KEY_INFO_TIMEOUT_MS).catch(() => {
        onNoInfo()
        return { is_validate: true }
      })
    }
    if (!(KEY_HEADER in (request.headers ?? {}))) return send(url, request)
    return signed(url, request).catch((error: unknown) => {
      if (!isAuthError(error)) throw error
      // The widget shows the message.
      throw new AuthError(error.code, inWords(error), error)
    })
  }
  client._send = guarded
  return () => {
    if (client._send === guarded) client._send = send
  }
}
