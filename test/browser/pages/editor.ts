import VanillaEditor from 'filerobot-image-editor'
import * as React from 'react'
import { createRoot } from 'react-dom/client'
import ReactEditor from 'react-filerobot-image-editor'
import { createAuth } from '../../../src/index.ts'
import {
  connectImageEditor,
  type EditedImage,
  type ImageEditorConnection,
  type ImageEditorOptions,
  type SavedImage,
  type SaveFailure,
} from '../../../src/widgets/index.ts'

// Three files of react-filerobot-image-editor 5.0.1 use a global `React`.
;(globalThis as { React?: unknown }).React ??= React

// Where the API is comes from the query string: the server's port differs from run to run.
const query = new URLSearchParams(location.search)
const [apiBase = '', token = '', templateId = ''] = ['apiBase', 'token', 'template'].map(name => query.get(name) ?? '')
const auth = createAuth({ apiBase, token, templateId })
const container = document.getElementById('editor') as HTMLElement

const config = {
  tabsIds: ['Adjust'],
  defaultTabId: 'Adjust',
  defaultToolId: 'Rotate',
  savingPixelRatio: 1,
  previewPixelRatio: 1,
  useBackendTranslations: false,
  avoidChangesNotSavedAlertOnLeave: true,
}

const sent: File[] = []
const append = FormData.prototype.append
FormData.prototype.append = function (this: FormData, ...given: Parameters<typeof append>) {
  sent.push(given[1] as unknown as File)
  append.apply(this, given)
} as typeof append

const objectUrls = new Set<string>()
const { createObjectURL, revokeObjectURL } = URL
URL.createObjectURL = blob => {
  const url = createObjectURL.call(URL, blob)
  objectUrls.add(url)
  return url
}
URL.revokeObjectURL = url => {
  objectUrls.delete(url)
  revokeObjectURL.call(URL, url)
}

let unmount = () => {}
let connection: ImageEditorConnection | undefined
let images: [EditedImage & Record<string, unknown>, object | undefined][] = []
const happened: string[] = []
const saved: SavedImage[] = []
const failures: SaveFailure[] = []
const progress: number[] = []

const connect = async (
  options: Partial<ImageEditorOptions> & { isProgressWanted?: boolean },
  signal?: AbortSignal,
): Promise<ImageEditorConnection> =>
  connectImageEditor(auth, {
    token,
    apiBase,
    onSaved: file => saved.push(file),
    onError: failure => failures.push(failure),
    ...(options.isProgressWanted && { onProgress: share => progress.push(share) }),
    ...options,
    signal,
  })

const show = (more: Record<string, unknown> & { onSave: (image: EditedImage, design?: object) => unknown }) => {
  const target = document.createElement('div')
  target.style.height = '100%'
  container.append(target)
  const editor = new VanillaEditor(target, {
    ...config,
    onClose: (reason: string) => happened.push(`closed: ${reason}`),
    ...more,
  })
  editor.render()
  unmount = () => {
    editor.terminate()
    target.remove()
  }
}

const hex = async (bytes: ArrayBuffer) =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')

const page = {
  auth,
  happened,
  saved,
  progress,
  /** The editor as it is published. `onSave` notes what it was given, and does as it is told. */
  stock(more: Record<string, unknown>, end?: 'reject' | 'hang') {
    images = []
    show({
      ...more,
      onSave: (image, design) => {
        images.push([image as EditedImage & Record<string, unknown>, design])
        happened.push('saving')
        return end && new Promise((_, reject) => end === 'reject' && reject(new Error('not stored')))
      },
    })
  },
  /** The same, as somebody would write it who was told that it takes an element. */
  async stockElement(url: string, name: string, design?: object) {
    const response = await auth.fetch(url)
    const image = new Image()
    image.src = URL.createObjectURL(await response.blob())
    await image.decode()
    URL.revokeObjectURL(image.src)
    image.name = name
    page.stock({ source: image, loadableDesignState: design })
  },
  /** What the stock editor handed to `onSave`. */
  async stockImage() {
    const [{ imageCanvas, imageBase64, ...image }, design] = images.at(-1)!
    const blob = await new Promise<Blob | null>(resolve => {
      try {
        imageCanvas!.toBlob(resolve, image['mimeType'] as string)
      } catch {
        resolve(null)
      }
    })
    return {
      fullName: image.fullName,
      mimeType: image['mimeType'],
      base64Length: (imageBase64 as string | undefined)?.length,
      writtenType: blob?.type,
      imgSrc: (design as { imgSrc?: string }).imgSrc,
    }
  },
  /** Hands what the stock editor made to the connection's `onSave`. */
  handOver: () => connection!.onSave(...images.at(-1)!),
  connect: async (options: Parameters<typeof connect>[0]) => {
    connection = await connect(options)
  },
  /** The editor connected. `asVersion`: its Save button makes a new version, without the dialog. */
  async connected(
    options: Parameters<typeof connect>[0],
    more: Record<string, unknown> & { asVersion?: boolean; unmountOnClose?: boolean } = {},
  ) {
    connection = await connect(options)
    const { source, loadableDesignState, onSave, onSaveVersion } = connection
    show({
      source,
      loadableDesignState,
      onSave: async (image, design) => {
        happened.push('saving')
        const result = await (more.asVersion ? onSaveVersion : onSave)(image, design)
        happened.push(result ? 'saved' : 'not saved')
        return result
      },
      ...(more.asVersion && { onBeforeSave: () => false }),
      ...(more.unmountOnClose && {
        onClose: (reason: string) => {
          happened.push(`closed: ${reason}`)
          // Not within React's own event.
          queueMicrotask(page.close)
        },
      }),
      ...more,
    })
  },
  /** The React editor in StrictMode, by an effect as an app would write it. */
  react(options: Parameters<typeof connect>[0]) {
    function Editor() {
      const [connected, setConnected] = React.useState<ImageEditorConnection>()
      React.useEffect(() => {
        const aborter = new AbortController()
        let release = () => {}
        const open = async () => {
          try {
            const it = await connect(options, aborter.signal)
            release = it.release
            if (aborter.signal.aborted) release()
            else setConnected(it)
          } catch (error) {
            if (!aborter.signal.aborted) happened.push(`not opened: ${String(error)}`)
          }
        }
        void open()
        return () => {
          aborter.abort()
          release()
        }
      }, [])
      if (!connected) return null
      const { source, onSave } = connected
      return React.createElement(ReactEditor as unknown as React.FunctionComponent<Record<string, unknown>>, {
        ...config,
        source,
        onSave,
      })
    }
    const root = createRoot(container)
    root.render(React.createElement(React.StrictMode, undefined, React.createElement(Editor)))
    unmount = () => root.unmount()
  },
  close() {
    unmount()
    connection?.release()
  },
  failures: () =>
    failures.map(({ error, file }) => {
      const { code, status } = error as { code?: string; status?: number }
      return { code, status, file: file && { name: file.name, type: file.type } }
    }),
  sentHashes: () => Promise.all(sent.map(async file => hex(await file.arrayBuffer()))),
  sentSizes: () => sent.map(({ size }) => size),
  openObjectUrls: () => objectUrls.size,
  /** The bytes of a picture with the left half dark and the right half light, or of noise, which is long; base64. */
  async picture(type: string, isNoise: boolean) {
    const canvas = isNoise ? new OffscreenCanvas(1600, 1200) : new OffscreenCanvas(400, 300)
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
    if (isNoise) {
      const pixels = new ImageData(1600, 1200)
      for (let i = 0; i < pixels.data.length; i += 65_536) crypto.getRandomValues(pixels.data.subarray(i, i + 65_536))
      for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = 255
      context.putImageData(pixels, 0, 0)
    }
    for (let x = 0; x < 400 && !isNoise; x++) {
      context.fillStyle = `hsl(${x} 60% ${x < 200 ? 20 : 80}%)`
      context.fillRect(x, 0, 1, 300)
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer())
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
  },
  /** How light the left and the right quarter of a picture are, from 0 to 255. */
  async lightness(picture: string): Promise<[left: number, right: number]> {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), c => c.charCodeAt(0))]))
    const context = new OffscreenCanvas(2, 1).getContext('2d') as OffscreenCanvasRenderingContext2D
    const { width, height } = bitmap
    context.drawImage(bitmap, 0, 0, width / 4, height, 0, 0, 1, 1)
    context.drawImage(bitmap, (3 * width) / 4, 0, width / 4, height, 1, 0, 1, 1)
    const { data } = context.getImageData(0, 0, 2, 1)
    const mean = (at: number) => (data[at]! + data[at + 1]! + data[at + 2]!) / 3
    return [mean(0), mean(4)]
  },
}

declare global {
  interface Window {
    editor: typeof page
  }
}

window.editor = page
