import { AuthError } from '../errors.js'
import type { Auth } from '../types.js'
import { type ApiAddress, folderAddress, invalid } from './api-address.js'
import { frames, type ListedFile } from './frame-order.js'
import { type DownloadOptions, download } from './signed-download.js'

/** What {@link connectSpin} takes: a folder, or the frames' URLs. */
export interface SpinOptions extends ApiAddress, DownloadOptions {
  /** The folder that holds the frames: every image in it, in natural order of names. Needs `token`. */
  folder?: string | undefined
  /** Which of the folder's names are frames of the horizontal axis. @default every image */
  namesX?: RegExp | undefined
  /** Which are frames of the vertical axis. @default none */
  namesY?: RegExp | undefined
  /** The frames' URLs in order, instead of `folder`. */
  urlsX?: readonly string[] | undefined
  /** Those of the vertical axis. */
  urlsY?: readonly string[] | undefined
  /**
   * How frames reach the viewer: by their plain URLs, or fetched with the key.
   * `'auto'` takes the first if no frame is marked private and the first one loads without the key.
   * @default 'auto'
   */
  delivery?: 'auto' | 'public' | 'signed' | undefined
}

/** What {@link connectSpin} resolves with. */
export interface SpinConnection {
  /** For the viewer's option of that name. Keep it: a React wrapper starts anew for another array. */
  imageListX: string[]
  /** The same for the vertical axis, if there is one. */
  imageListY?: string[]
  /** Gives the frames' memory back. Only after the viewer was destroyed: the first zoom loads each frame again. */
  release: () => void
}

/**
 * Frames for the 360° spin plugin, which loads them by `<img>` and so can send no key. The first frame is known to load
 * when this resolves: without it the viewer waits for ever.
 *
 * @example
 * ```ts
 * const { imageListX, release } = await connectSpin(auth, { token: 'fusqadtm', folder: '/spin' })
 * CI360.init(element, { imageListX })
 * ```
 * @throws {AuthError} `invalid_options`; `server` when the folder has no frame, or with the status when the list or the
 *   first frame was refused; `timeout`; and as `auth.fetch`
 */
export async function connectSpin(auth: Auth, options: SpinOptions): Promise<SpinConnection> {
  const { delivery = 'auto', folder } = options
  const [x, y] = folder ? await listed(auth, folder, options) : [given(options.urlsX), given(options.urlsY)]
  if (!x.length) {
    if (!folder) throw invalid('folder', 'or "urlsX" must be given')
    throw new AuthError('server', 'The folder has no frame for the spin')
  }
  const all = [...x, ...y]
  const isPublic =
    delivery === 'public' ||
    (delivery === 'auto' && !all.some(frame => frame.private) && (await loads(x[0]!.url, options)))

  const objectUrls: string[] = []
  let isReleased = false
  const release = () => {
    isReleased = true
    for (const url of objectUrls.splice(0)) URL.revokeObjectURL(url)
  }
  const show = (frame: Frame, blob: Blob) => {
    // One lane failed while this one was downloading.
    if (isReleased) throw new AuthError('server', 'The spin was given up')
    const objectUrl = URL.createObjectURL(blob)
    objectUrls.push(objectUrl)
    // The viewer appends `?width=…`, which makes another, unknown blob URL unless it lands in a fragment.
    frame.shown = `${objectUrl}#`
  }
  if (!isPublic) {
    try {
      await sign(auth, all, show, options)
    } catch (error) {
      release()
      throw error
    }
  }
  const urls = (axis: Frame[]) => axis.map(frame => frame.shown)
  return { imageListX: urls(x), ...(y.length && { imageListY: urls(y) }), release }
}

interface Frame {
  readonly url: string
  /** What the viewer is given. */
  shown: string
  readonly private: boolean
}

function given(urls: readonly string[] = []): Frame[] {
  return urls.map(url => ({ url, shown: url, private: false }))
}

async function listed(auth: Auth, folder: string, options: SpinOptions): Promise<[Frame[], Frame[]]> {
  const address = folderAddress(options, folder)
  const files: ListedFile[] = []
  let more = true
  while (more) {
    const blob = await download(auth, `${address}&offset=${files.length}&limit=${pageSize}`, options)
    const page = parsed(await blob.text())
    files.push(...page.files)
    const { total_files_count: total = page.files.length < pageSize ? 0 : Infinity } = page.info ?? {}
    // A service that ignores `offset` would send the same page for ever.
    more = page.files.length > 0 && files.length < Math.min(total, mostFrames)
  }
  const axis = (pattern?: RegExp): Frame[] =>
    frames(files, pattern).flatMap(({ url, visibility }) => {
      const address = url?.cdn ?? url?.public
      return address ? [{ url: address, shown: address, private: visibility === 'private' }] : []
    })
  return [axis(options.namesX), options.namesY ? axis(options.namesY) : []]
}

// More than most spins have, so that one request is the rule; the service may send fewer at a time.
const pageSize = 500
const mostFrames = 5000

interface Page {
  files: ListedFile[]
  info?: { total_files_count?: number }
}

function parsed(text: string): Page {
  try {
    const page = JSON.parse(text) as Page
    if (Array.isArray(page.files)) return page
  } catch {}
  throw new AuthError('malformed_response', 'The list of the folder was not understood')
}

/** Whether the frame comes without the key, as the viewer will ask for it. */
async function loads(url: string, { timeoutMs = 30_000, signal }: DownloadOptions): Promise<boolean> {
  signal?.throwIfAborted()
  const image = new Image()
  image.crossOrigin = 'anonymous'
  image.src = url
  const loaded = image.decode().then(
    () => true,
    () => false,
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  const ended = new Promise<boolean>((resolve, reject) => {
    timer = setTimeout(resolve, timeoutMs, false)
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  try {
    return await Promise.race([loaded, ended])
  } finally {
    clearTimeout(timer)
  }
}

/** Fetches all frames with the key, the first one first: if that is missing, the spin is. At most six at a time. */
async function sign(
  auth: Auth,
  [first, ...rest]: Frame[],
  show: (frame: Frame, blob: Blob) => void,
  options: DownloadOptions,
): Promise<void> {
  if (first) show(first, await download(auth, first.url, options))
  const queue = rest.values()
  const lane = async () => {
    for (const frame of queue) {
      const blob = await download(auth, frame.url, options).catch((error: unknown) => {
        // A later frame that is missing keeps its plain URL: the viewer says so by `onError` and goes on.
        if (!(error instanceof AuthError) || (error.code !== 'server' && error.code !== 'timeout')) throw error
      })
      if (blob) show(frame, blob)
    }
  }
  await Promise.all(Array.from({ length: 6 }, lane))
}
