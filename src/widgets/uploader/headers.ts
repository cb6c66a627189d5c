import type { Auth } from '../../types.js'
import { KEY_HEADER } from '../key-header.js'

/**
 * Headers for XHRUpload's option `headers`, with a key that is read when a file is sent: given a plain string, the
 * plugin sends the key of the page's first minutes for ever. Add to them with `Object.assign(uploaderHeaders(auth), …)`;
 * a spread would copy the key of the moment.
 *
 * @example `filerobot.use(XHRUpload, { headers: uploaderHeaders(auth) })`
 */
export function uploaderHeaders(auth: Auth): Record<string, string> {
  return {
    get [KEY_HEADER]() {
      return auth.peek()?.value ?? ''
    },
    // XHRUpload assigns what the core knows as it is built; without a setter that throws.
    set [KEY_HEADER](_) {},
  }
}
