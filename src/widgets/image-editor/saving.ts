import { callHost } from '../../host.js'
import { canvasFile, type EditedImage } from './canvas-file.js'
import { createNotice, type NoticeText } from './notice.js'

/** A file that a save made. */
export interface SavedImage {
  /** The file as the service describes it: `uuid`, `url`, …, and `name`, which it may have changed. */
  file: Record<string, unknown>
  /** The editor's design, fit for JSON, with the image's own URL: an option of `connectImageEditor`, to go on later. */
  design: Record<string, unknown>
}

/** A save that failed, and what can still be done about it. */
export interface SaveFailure {
  /** Why: an `AuthError` as a rule, which `isAuthError` tells. */
  error: unknown
  /** The edited image, as it was to be stored. Missing, as `download`, where the editor gave no pixels. */
  file?: File | undefined
  /** Saves it, without another rendering, also when the editor is closed. Never rejects. */
  retry: () => Promise<SavedImage | undefined>
  /** Hands it to the user as a download. */
  download?: (() => void) | undefined
}

/** What a save shows and whom it tells. */
export interface SavingOptions {
  /** Aborting ends every save. */
  signal?: AbortSignal | undefined
  /** Is told of each save that failed, and not of one that was cancelled. */
  onError?: ((failure: SaveFailure) => void) | undefined
  /**
   * Is told the share of a save that was sent, from 0 to 1; the notice then tells too. Sends by `XMLHttpRequest`, which
   * follows redirects, key and all.
   */
  onProgress?: ((share: number) => void) | undefined
  /** Translations of what the editor's user reads of a save, or `false` to show that yourself. */
  notice?: false | Partial<Record<NoticeText, string>> | undefined
}

/**
 * For the editor's option `onSave`. It never rejects, as the editor catches nothing: `undefined` means not saved.
 *
 * @param signal aborting it cancels this save
 */
export type SaveHandler = (image: EditedImage, design?: object, signal?: AbortSignal) => Promise<SavedImage | undefined>

/**
 * Saves where the editor's user can see it.
 *
 * @param store stores a file or rejects
 */
export function createSaving(
  { signal, onError, onProgress, notice }: SavingOptions,
  store: (
    file: File,
    design: object | undefined,
    signals: (AbortSignal | undefined)[],
    onProgress: SavingOptions['onProgress'],
  ) => Promise<SavedImage>,
): SaveHandler {
  const [box, say] = createNotice(notice)
  const hide = (): undefined => box.remove() as undefined
  const save = async (
    image: EditedImage,
    design?: object,
    caller?: AbortSignal,
    file?: File,
  ): Promise<SavedImage | undefined> => {
    const user = new AbortController()
    const signals = [signal, user.signal, caller]
    const tell = (share: number) => {
      box.childNodes[1]!.textContent = ` ${(100 * share) | 0} % `
      onProgress?.(share)
    }
    say('Saving…', { Cancel: () => user.abort() })
    try {
      const made = (file ??= await canvasFile(image))
      const saved = await store(made, design, signals, onProgress && tell)
      hide()
      return saved
    } catch (error) {
      if (signals.some(other => other?.aborted)) return hide()
      const retry = () => save(image, design, caller, file)
      const download = file && (() => saveToDisk(file!))
      say('Not saved, but not lost.', { 'Try again': retry, Download: download, Close: hide })
      if (onError) callHost(onError, { error, file, retry, download })
      return
    }
  }
  return save
}

/** Hands a file to the user as a download. */
function saveToDisk(file: File): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = file.name
  link.click()
  // Not at once: Safari reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
