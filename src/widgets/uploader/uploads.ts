import type { ConnectableAuth } from '../../connectable.js'
import { type AuthError, isAuthError } from '../../errors.js'
import { KEY_HEADER } from '../key-header.js'
import { leased } from '../lease.js'
import type { UploaderCore, UploaderPlugin, UploadingFile, UploadJob, UploadOptions } from './core.js'
import { sentByWidget } from './sent-by-widget.js'

/**
 * Makes a live XHRUpload send each file with a key that is good when it goes, and once more when the key was refused:
 * the widget hears of the last try only. A file that was stored is not sent again when its batch is run again.
 *
 * The plugin's own method does the sending, in place of the `fetch` of `auth.fetch`. It is called on an object that
 * stands in front of the plugin: there it sees other options, and a core whose `emit` is listened to.
 *
 * @param fresh resolves when there is a key that is good for a while
 * @param inWords an error in a visitor's words
 * @returns what takes it back
 */
export function guardUploads(
  auth: ConnectableAuth,
  filerobot: UploaderCore,
  plugin: Required<UploaderPlugin>,
  fresh: () => Promise<unknown>,
  inWords: (error: AuthError) => string,
): () => void {
  const { upload, opts } = plugin
  /** By batch and file: those that are under way or stored. */
  const batches: Record<string, Record<string, Promise<void>>> = {}
  /** Files that were neither removed nor cancelled while they waited. */
  const active = new Set<UploadingFile>()
  const waiting: (() => void)[] = []
  let running = 0

  const send = async (job: UploadJob): Promise<void> => {
    const { file, uploadId } = job
    const { id } = file
    // With a value: without one Terser 5.51 takes it for `true`, and leaves out what is done where it is not.
    let isTold = false
    const tell = (...details: unknown[]) => {
      isTold = true
      // Before anybody hears of it, as who does may have it sent again.
      delete batches[uploadId]?.[id]
      if (filerobot.getFileUploading!(id)) {
        // The core's `complete` counts by that, and the plugin does not say it.
        filerobot.setFileUploadingState?.(id, uploadId, { progress: { ...file.progress, status: 'error' } })
      }
      filerobot.emit('upload-error', ...details)
    }

    const attempt: Parameters<typeof sentByWidget>[2] = async (key, isFirst, answered) => {
      if (!active.has(file)) throw new Error('Cancelled')
      let isUnseen: unknown
      const getOptions = (of: UploadingFile): UploadOptions => {
        const options = plugin.getOptions(of)
        return {
          ...options,
          headers: { ...options.headers, [KEY_HEADER]: key },
          validateStatus(status, text, xhr) {
            const body = parsed(text)
            isUnseen = answered(status, body) && isFirst
            // A sign-in page of the network answers with 200 too, and so may a refusal.
            return body?.status !== 'error' && options.validateStatus!(status, text, xhr)
          },
          getResponseError(text, xhr) {
            try {
              return options.getResponseError!(text, xhr)
            } catch {
              // It throws at what is no JSON, and without an error the upload would never end.
              return new Error(`The media library failed (${xhr.status})`)
            }
          },
        }
      }
      const emit = (event: string, ...details: unknown[]) => {
        if (event !== 'upload-error') {
          if (isFirst || event !== 'upload-started') filerobot.emit(event, ...details)
        } else if (!isUnseen) tell(...details)
      }
      const front = { __proto__: plugin, getOptions, filerobot: { __proto__: filerobot, emit } }
      await upload.call(front, job)
    }

    active.add(file)
    // The plugin's own limit would hold back files that have their key already.
    while (running >= (opts.limit || Infinity)) await new Promise<void>(resolve => waiting.push(resolve))
    running++
    try {
      await leased(auth, async () => {
        await fresh()
        await sentByWidget(auth, opts.endpoint!, attempt)
      })
    } catch (error) {
      if (isAuthError(error) && !isTold) tell(file, new Error(inWords(error)), { uploadId })
      throw error
    } finally {
      running--
      active.delete(file)
      waiting.splice(0).forEach(wake => wake())
    }
  }

  const listeners = Object.entries({
    complete: ({ uploadId }: { uploadId: string }) => delete batches[uploadId],
    'file-removed': ({ id }: UploadingFile) => active.forEach(file => file.id === id && active.delete(file)),
    'cancel-uploads': () => active.clear(),
  })
  listeners.forEach(listener => filerobot.on(...listener))
  plugin.upload = job => {
    const batch = (batches[job.uploadId] ??= {})
    return (batch[job.file.id] ??= send(job))
  }
  return () => {
    // It is the prototype's method.
    delete (plugin as UploaderPlugin).upload
    listeners.forEach(listener => filerobot.off(...listener))
  }
}

/** A body that may be no JSON, or no object. */
function parsed(text: string): { status?: string } | undefined {
  try {
    return JSON.parse(text) as { status?: string }
  } catch {
    return { status: 'error' }
  }
}
