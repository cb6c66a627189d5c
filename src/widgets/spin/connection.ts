import { startTimer } from '../../clock.js'
import type { ConnectableAuth } from '../../connectable.js'
import { AuthError } from '../../errors.js'
import { callHost } from '../../host.js'
import { invalid } from '../../options.js'
import { race } from '../../race.js'
import type { Auth } from '../../types.js'
import { isText } from '../../untrusted.js'
import { type ApiAddress, folderAddress } from '../api-address.js'
import { type DownloadOptions, download, withoutQuery } from '../signed-download.js'
import { listedFiles } from './folder-listing.js'
import { comes, type Frame, loadInOrder } from './frame-loading.js'
import { frameMemory } from './frame-memory.js'
import { axes, type ListedFile } from './frame-order.js'

/** What {@link connectSpin} takes: a folder, or the frames' URLs. */
export interface SpinOptions extends ApiAddress, DownloadOptions {
  /** The folder that holds the frames: every image in it, in natural order of names. */
  folder?: string | undefined
  /** Which of the folder's names are frames of the horizontal axis. @default every image that `namesY` leaves */
  namesX?: RegExp | undefined
  /** Which are frames of the vertical axis. @default none */
  namesY?: RegExp | undefined
  /** The frames' URLs in order, instead of `folder`; relative ones are taken from the page's address. */
  urlsX?: readonly string[] | undefined
  /** Those of the vertical axis. */
  urlsY?: readonly string[] | undefined
  /**
   * How frames reach the viewer: by their plain URLs, or fetched with the key. `'auto'` takes the former where the
   * first frame comes without the key. It does not try so with frames that are marked private, except in a page that a
   * service worker controls, which may be one that signs them.
   * @default 'auto'
   */
  delivery?: 'auto' | 'public' | 'signed' | undefined
  /**
   * How long it may take until the first frame is there: the key, the list, the frame itself. Longer is the error
   * `timeout`. `timeoutMs` is for each download, and so for the frames after the first. @default 9_000
   */
  firstFrameTimeoutMs?: number | undefined
  /**
   * The element that the viewer is shown in, or one around it that holds no other canvas or image. With it the frames'
   * memory is given back by itself once the viewer is gone: destroyed, or taken out of the document. If it goes while
   * frames load, loading ends with an `AbortError`. Leave it out for a viewer that is taken out and put back later.
   */
  container?: Element | null | undefined
  /** Told when the frames are known, and, where they are fetched with the key, of each. Never after a rejection. */
  onProgress?: ((progress: SpinProgress) => void) | undefined
}

/** How far loading is. */
export interface SpinProgress {
  /** Frames of both axes that came, or are known to be missing. */
  loaded: number
  /** Frames of both axes. */
  total: number
}

/** What {@link connectSpin} resolves with. */
export interface SpinConnection {
  /** For the viewer's option of that name. Keep it: a React wrapper starts anew for another array. */
  imageListX: string[]
  /** The same for the vertical axis, if there is one. */
  imageListY?: string[]
  /**
   * Gives the frames' memory back. With `container` it may be called at any time, and waits for the viewer to be gone;
   * without it, only after the viewer was destroyed: the first zoom loads each frame again.
   */
  release: () => void
}

/**
 * Frames for the 360° spin plugin, which loads them by `<img>` and so can send no key. The first frame is known to load
 * when this resolves: without it the viewer waits for ever.
 *
 * @example
 * ```ts
 * const { imageListX } = await connectSpin(auth, { folder: '/spin', container: element })
 * CI360.init(element, { imageListX })
 * ```
 * @throws {AuthError} `invalid_options`; `server` when the folder has no frame, when the first one is no image, or with
 *   the status when the list or the first frame was refused; `timeout`; and as `auth.fetch`, so `origin_not_allowed` for
 *   frames that are not at `apiBase` or an origin of `allowedOrigins`
 */
export async function connectSpin(auth: Auth, options: SpinOptions): Promise<SpinConnection> {
  const { folder, container, namesX, namesY, delivery = 'auto', firstFrameTimeoutMs = 9000, onProgress } = options
  if (container && !container.querySelector) throw invalid('container', 'an element')
  let files = [givenFiles('urlsX', options.urlsX), givenFiles('urlsY', options.urlsY)] as const
  if (folder ? files.flat().length : !files[0].length) throw invalid('folder', 'either a folder or urlsX')

  const ending = new AbortController()
  const [addFrame, handOver, free] = frameMemory(container, () => ending.abort())
  const stopClock = startTimer(firstFrameTimeoutMs, () => {
    ending.abort(new AuthError('timeout', 'No first frame'))
  })
  let endLease: (() => void) | undefined

  const connect = async (signal: AbortSignal): Promise<SpinConnection> => {
    const get = async (url: string) => {
      signal.throwIfAborted()
      // In a hidden page a key is kept good only for as long as somebody says that he needs it.
      endLease ??= (auth as ConnectableAuth).subscribe(() => {}, true)
      return download(auth, url, { timeoutMs: options.timeoutMs, signal })
    }
    if (folder) files = axes(await listedFiles(folderAddress(auth, options, folder), get), namesX, namesY)
    const [x, y] = files.map(axis => axis.filter(addressOf)) as [Frame[], Frame[]]
    const all = [...x, ...y]
    const [first] = x
    if (!first) throw new AuthError('server', 'no frames')

    let loaded = 0
    const report = () => {
      signal.throwIfAborted()
      if (onProgress) callHost(onProgress, { loaded: loaded++, total: all.length })
    }
    const load = async (frame: Frame) => {
      frame.shown = addFrame(await get(addressOf(frame)))
    }
    report()

    const isMarked = all.some(frame => frame.visibility === 'private')
    // A service worker may be one that signs. In a sandboxed frame it throws to ask for it.
    const tryPlain = async () =>
      (delivery === 'auto' ? !isMarked || !!navigator.serviceWorker?.controller : delivery === 'public') &&
      comes(addressOf(first), signal)
    const plain = tryPlain().catch(() => false)
    // A host that is slow to answer may be as slow to refuse: half of the time is left for the key.
    let isPlain = await race(() => plain, [signal], firstFrameTimeoutMs / 2).catch(() => false)
    if (!isPlain) {
      try {
        if (delivery !== 'public') await load(first)
        // The viewer waits for ever for a first frame that is no image.
        if (!first.shown || !(await comes(first.shown, signal))) {
          throw new AuthError('server', `${withoutQuery(addressOf(first))} is no image`)
        }
        report()
      } catch (error) {
        // The plain one may be no more than slow, and the key not allowed to go there.
        isPlain = await plain
        if (!isPlain) throw error
      }
    }
    stopClock()
    if (!isPlain) await loadInOrder(all.slice(1), load, report)

    const shown = (axis: Frame[]) => axis.map(frame => (!isPlain && frame.shown) || addressOf(frame))
    return { imageListX: shown(x), ...(y.length && { imageListY: shown(y) }), release: handOver() }
  }
  try {
    return await race(connect, [options.signal, ending.signal])
  } catch (error) {
    free()
    throw error
  } finally {
    stopClock()
    endLease?.()
  }
}

function givenFiles(option: string, urls: readonly string[] = []): ListedFile[] {
  try {
    // Only strings: anything else would be read as a relative URL.
    return urls.map(url => ({ url: { cdn: new URL(url.trim(), document.baseURI).href } }))
  } catch {
    throw invalid(option, 'a list of URLs')
  }
}

/** Where a file is; a file that is nowhere is no frame. */
const addressOf = ({ url }: ListedFile) => [url?.cdn, url?.public].find(address => isText(address, /./)) as string
