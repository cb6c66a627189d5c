import 'js-cloudimage-360-view'
import { CI360Viewer } from 'js-cloudimage-360-view/react'
import { createElement, StrictMode, useEffect, useRef, useState } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { createAuth } from '../../../src/index.ts'
import { connectSpin, type SpinConnection, type SpinOptions, type SpinProgress } from '../../../src/widgets/index.ts'

interface Viewer {
  destroy(): void
  moveRight(stopAtEdges?: boolean, steps?: number): void
  moveTop(stopAtEdges?: boolean, steps?: number): void
  zoomPan: { getZoom(): number; setZoom(level: number): void; resetZoom(): void }
}
interface Viewers {
  init(container: Element, config: object): Viewer
  destroy(id: string): void
  updateView(id: string, config: object): Viewer
}

const query = new URLSearchParams(location.search)
const [apiBase = '', token = '', templateId = ''] = ['apiBase', 'token', 'template'].map(name => query.get(name) ?? '')
const auth = createAuth({ apiBase, token, templateId })
const element = (id: string) => document.getElementById(id) as HTMLElement
const CI360 = (globalThis as unknown as { CI360: Viewers }).CI360

/** What a page can see of frames: their object URLs, what was decoded, and the requests with the key. */
const seen = {
  live: new Set<string>(),
  made: 0,
  /** Where each picture came from that a viewer decoded. */
  decoded: [] as string[],
  /** Paths of the frames that were fetched, in order of their start. */
  fetched: [] as string[],
  inFlight: 0,
  mostInFlight: 0,
}
const [make, revoke] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)]
URL.createObjectURL = (blob: Blob) => {
  const url = make(blob)
  // The viewer makes one for its worker's script.
  if (!/javascript/.test(blob.type)) {
    seen.live.add(url)
    seen.made++
  }
  return url
}
URL.revokeObjectURL = url => {
  seen.live.delete(url)
  revoke(url)
}
const decode = globalThis.createImageBitmap.bind(globalThis)
globalThis.createImageBitmap = (source: ImageBitmapSource) => {
  if (source instanceof HTMLImageElement) seen.decoded.push(source.src)
  return decode(source)
}
const send = globalThis.fetch.bind(globalThis)
globalThis.fetch = async (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : String(input))
  if (!pathname.startsWith('/cdn/')) return send(input, init)
  seen.fetched.push(pathname)
  seen.mostInFlight = Math.max(seen.mostInFlight, ++seen.inFlight)
  try {
    return await send(input, init)
  } finally {
    seen.inFlight--
  }
}

/** What viewers reported. */
const told = { ready: 0, loaded: [] as [x: number, y: number][], errors: [] as string[] }
const callbacks = {
  onReady: () => void told.ready++,
  onLoad: ({ imagesX, imagesY }: { imagesX: number; imagesY: number }) => void told.loaded.push([imagesX, imagesY]),
  onError: ({ error }: { error?: { url?: string } }) => void told.errors.push(error?.url ?? ''),
}
const config = { lazyload: false, hide360Logo: true, hints: false, ...callbacks }

/** How a connection ended: `'connected'`, or what it was rejected with. */
async function outcome(connecting: Promise<unknown>) {
  const startedAtMs = performance.now()
  const result = await connecting.then(
    () => ({ code: 'connected' }),
    (error: { code?: string; name: string; message: string; status?: number }) => {
      const { code, name, message, status } = error
      return { code: typeof code === 'string' ? code : name, message, status }
    },
  )
  return { ...result, tookMs: performance.now() - startedAtMs }
}

/** As `docs/spin.md` has it. */
function Spin({ folder }: { folder: string }) {
  const box = useRef<HTMLDivElement>(null)
  const [frames, setFrames] = useState<SpinConnection>()
  useEffect(() => {
    const closing = new AbortController()
    const { signal } = closing
    const connecting = connectSpin(auth, { apiBase, token, folder, signal, container: box.current })
    connecting.then(
      connection => signal.aborted || setFrames(connection),
      error => signal.aborted || told.errors.push(String(error)),
    )
    return () => {
      closing.abort()
      connecting.then(
        ({ release }) => release(),
        () => {},
      )
    }
  }, [folder])
  return createElement(
    'div',
    // oxlint-disable-next-line react/refs -- a call that makes an element is taken for one that reads the ref
    { ref: box },
    frames && createElement(CI360Viewer, { imageListX: frames.imageListX, ...config }),
  )
}

/** What a developer writes first: another array at each rendering. */
const Copying = ({ list }: { list: string[] }) => createElement(CI360Viewer, { imageListX: [...list], ...config })
const Keeping = ({ list }: { list: string[] }) => createElement(CI360Viewer, { imageListX: list, ...config })

let root: Root | undefined
const spin = {
  auth,
  seen,
  told,
  connectSpin,
  where: { apiBase, token },
  connection: undefined as SpinConnection | undefined,
  viewer: undefined as Viewer | undefined,
  progress: [] as SpinProgress[],
  CI360,
  element,
  outcome,
  /** Connects the folder or URLs and keeps the connection. */
  async connect(options: Partial<SpinOptions>): Promise<SpinConnection> {
    spin.connection = await connectSpin(auth, {
      ...spin.where,
      onProgress: progress => spin.progress.push(progress),
      ...options,
    })
    return spin.connection
  },
  /** Makes a viewer of any lists, connected or not. */
  show(lists: { imageListX: string[]; imageListY?: string[] }) {
    const { imageListX, imageListY = null } = lists
    spin.viewer = CI360.init(element('viewer'), { imageListX, imageListY, ...config })
  },
  /** The stock way with the key: object URLs as they are. */
  async objectUrls(paths: string[]) {
    return Promise.all(
      paths.map(async path => URL.createObjectURL(await (await auth.fetch(`${apiBase}/cdn/${token}${path}`)).blob())),
    )
  },
  /** Whether the images that the viewer begins with are settled, well or badly. */
  hasTriedFirst() {
    const images = [...element('viewer').querySelectorAll('img')]
    return images.length > 0 && images.every(image => image.complete)
  },
  /** What is drawn at the moment. */
  picture(): string {
    const drawn = document.querySelector('canvas') as HTMLCanvasElement
    const copy = document.createElement('canvas')
    Object.assign(copy, { width: drawn.width, height: drawn.height })
    copy.getContext('2d')?.drawImage(drawn, 0, 0)
    return copy.toDataURL()
  },
  /** After everything that is due now was done and painted. */
  async settled() {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame)
  },
  react: {
    spin(folder: string, isStrict: boolean) {
      root ??= createRoot(element('root'))
      const content = createElement(Spin, { folder })
      root.render(isStrict ? createElement(StrictMode, undefined, content) : content)
    },
    list(list: string[], isCopied: boolean) {
      root ??= createRoot(element('root'))
      root.render(createElement(isCopied ? Copying : Keeping, { list }))
    },
    unmount() {
      root?.unmount()
      root = undefined
    },
  },
}

declare global {
  interface Window {
    spin: typeof spin
  }
}

window.spin = spin
