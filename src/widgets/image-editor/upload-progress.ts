import { callHost } from '../../host.js'
import { KEY_HEADER } from '../key-header.js'

/**
 * Sends a signed request as `fetch` does, and tells how far it is, which `fetch` cannot. An `XMLHttpRequest` follows a
 * redirect, key and all, and is found out only afterwards: for those alone who want to be told.
 *
 * @param onProgress is told the share that was sent, from 0 to 1
 * @returns a promise that stays open when the request's signal is aborted
 */
export function sendWithProgress(
  { url, headers, signal }: Request,
  body: FormData,
  onProgress: (share: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', url)
    xhr.setRequestHeader(KEY_HEADER, headers.get(KEY_HEADER) as string)
    // A blob has its type of the header, and the response has it of the blob.
    xhr.responseType = 'blob'
    xhr.upload.onprogress = ({ loaded, total }) => callHost(onProgress, loaded / total)
    xhr.onerror = reject
    xhr.onload = () => {
      // A status that allows no body takes not even an empty one.
      const body = xhr.response.size ? xhr.response : null
      // It has the names of what `new Response` wants to know.
      resolve(xhr.responseURL === url ? new Response(body, xhr) : Response.error())
    }
    signal.onabort = () => xhr.abort()
    xhr.send(body)
  })
}
