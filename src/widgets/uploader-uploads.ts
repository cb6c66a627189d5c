import type { ConnectableAuth } from '../connectable.js'
import { type AuthError, isAuthError } from '../errors.js'
import { refusalWord } from '../refusal.js'
import { own } from '../untrusted.js'
import { KEY_HEADER } from './key-header.js'
import { sentWithKey } from './sent-with-key.js'
import type { UploaderCore, UploaderPlugin, UploadingFile, UploadJob, UploadOptions } from './uploader-core.js'

/** What the guards of one connection share. */
export interface Connection {
  auth: ConnectableAuth
  filerobot: UploaderCore
  /** A key for an address, where it is there without waiting and may go there. */
  keyAtOnce(url: string): string | false | undefined
  /** A key for an address that is good for a while. */
  keyFor(url: string): Promise<string>
  /** An error in a visitor's words. */
  inWords(error: AuthError): string
}

/** What the core calls a file that failed: its `complete` counts by that, and the plugin does not say it. */
const FAILED = 'error'

/**
 * Makes a live XHRUpload send each file with a key that is good when it goes, and once more when the key was refused:
 * the widget hears of the second refusal only. A file that was stored is not sent again when its batch is run again.
 *
 * The plugin's own method does the sending. It is called on an object that stands in front of the plugin: there it sees
 * other options, and a core whose `emit` is listened to.
 *
 * @returns what takes it back
 */
export function guardUploads(
  { auth, filerobot, keyFor, inWords }: Connection,
  plugin: Required<UploaderPlugin>,
): () => void {
  const { upload, opts } = plugin
  /** By batch and file: those that are under way or stored. */
  const batches: Record<string, Record<string, Promise<unknown>>> = {}
  let waiting: (() => void)[] = []
  let running = 0

  const send = async (job: UploadJob): Promise<unknown> => {
    const { file, uploadId } = job
    const { id, progress } = file
    let isTold = false
    const isThere = () => filerobot.getFileUploading!(id)
    const mark = (status: string) =>
      isThere() && filerobot.setFileUploadingState?.(id, uploadId, { progress: { ...progress, status } })
    const tell = (...details: unknown[]) => {
      isTold = true
      // Before anybody hears of it, as who does may have it sent again.
      delete batches[uploadId]?.[id]
      mark(FAILED)
      filerobot.emit!('upload-error', ...details)
    }
    /** In a hidden tab too the key is renewed for a long batch. */
    const endLease = auth.subscribe(() => {}, true)
    // The plugin's own limit would hold back files that have their key already.
    while (running >= (opts.limit || Infinity)) await new Promise<void>(resolve => waiting.push(resolve))
    running++
    try {
      if (progress?.status === FAILED) mark('progressing')
      return await sentWithKey(
        auth,
        () => keyFor(opts.endpoint!),
        async (key, isLast, answer) => {
          // Removed or cancelled while it waited.
          if (!isThere()) throw new Error('Upload cancelled')
          const getOptions = (of: UploadingFile): UploadOptions => {
            const options = plugin.getOptions(of)
            return {
              ...options,
              headers: { ...options.headers, [KEY_HEADER]: key },
              validateStatus(status, text, xhr) {
                const body = parsed(text)
                answer.status = status
                answer.refusal = refusalWord(body)
                // A sign-in page of the network answers with 200 too.
                return (
                  !!body &&
                  !answer.refusal &&
                  own(body, 'status') !== FAILED &&
                  options.validateStatus!(status, text, xhr)
                )
              },
              getResponseError(text, xhr) {
                try {
                  return options.getResponseError!(text, xhr)
                } catch {
                  // It throws at what is no JSON, and without an error the upload would never end.
                  return new Error(`The media library gave an answer that is not understood (${xhr.status})`)
                }
              },
            }
          }
          const emit = (event: string, ...details: unknown[]) => {
            if (isLast ? event === 'upload-started' : event === 'upload-error' && answer.refusal) return
            if (event === 'upload-error') tell(...details)
            else filerobot.emit!(event, ...details)
          }
          const front = Object.create(plugin, {
            getOptions: { value: getOptions },
            filerobot: { value: Object.create(filerobot, { emit: { value: emit } }) },
          })
          await upload.call(front, job)
        },
      )
    } catch (error) {
      if (!isTold && isAuthError(error)) tell(file, new Error(inWords(error)), { uploadId })
      throw error
    } finally {
      running--
      for (const wake of waiting.splice(0)) wake()
      endLease()
    }
  }

  const onComplete = ({ uploadId }: { uploadId: string }) => delete batches[uploadId]
  filerobot.on!('complete', onComplete)
  plugin.upload = job => {
    const batch = (batches[job.uploadId] ??= {})
    return (batch[job.file.id] ??= send(job))
  }
  return () => {
    // It is the prototype's method.
    delete (plugin as UploaderPlugin).upload
    filerobot.off!('complete', onComplete)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
