import createCore from '@filerobot/core'
import XHRUpload from '@filerobot/xhr-upload'
import type { Auth } from '../../../src/index.ts'
import { connectUploader } from '../../../src/widgets/index.ts'
import { contentOf, nameOf, SOAK_FOLDER, type SoakFile } from '../file-content.ts'
import { type Calls, type Counts, countOne } from './calls.ts'

/** How long a host lets one request go on. */
const REQUEST_MS = 90_000
/** How long the widget may take to say of a file what became of it. */
const TOLD_MS = 15 * 60_000
/** A visitor's patience between two tries. By then a service that was still reading has read, or given up. */
const PAUSE_MS = 15_000

export interface Service {
  apiBase: string
  token: string
}

interface Answer {
  /** 0 where there was none. */
  status: number
  body: unknown
}

/**
 * Uploads as a host does that is told of an error: it looks whether the file is there all the same, since an answer may
 * have been lost, and else sends it again.
 */
export class Uploading {
  counts: Counts = {}
  /** Numbers of files that are known to be stored. */
  stored: number[] = []
  underWay = 0
  readonly #service: Service
  readonly #auth: () => Auth
  readonly #calls: Calls
  #widget: Promise<ReturnType<typeof createCore>> | undefined

  constructor(service: Service, auth: () => Auth, calls: Calls) {
    this.#service = service
    this.#auth = auth
    this.#calls = calls
  }

  /** A connected uploader keeps a key good. */
  get isConnected(): boolean {
    return this.#widget !== undefined
  }

  /** @param looksFirst a tab that is gone may have stored it */
  async send(file: SoakFile, by: 'fetch' | 'widget', looksFirst: boolean): Promise<void> {
    this.underWay++
    try {
      let isStored = looksFirst && (await this.#isThere(file))
      while (!isStored) {
        countOne(this.counts, `sent by ${by}`)
        isStored = by === 'fetch' ? await this.#sendByFetch(file) : await this.#sendByWidget(file)
        countOne(this.counts, isStored ? 'told that it is stored' : 'told an error')
        if (isStored) break
        await this.#pause()
        isStored = await this.#isThere(file)
        if (isStored) countOne(this.counts, 'found to be stored')
      }
      this.stored.push(file.number)
    } finally {
      this.underWay--
    }
  }

  /** A request of the host's by `auth.fetch`, which it gives up after a while. */
  async request(kind: string, path: string, init: RequestInit = {}, auth = this.#auth()): Promise<Answer> {
    const { apiBase } = this.#service
    const controller = new AbortController()
    const reason = new Error('The host waits no longer')
    const timer = setTimeout(() => controller.abort(reason), REQUEST_MS)
    try {
      const sending = auth.fetch(apiBase + path, { ...init, signal: controller.signal })
      const response = await this.#calls.track(kind, REQUEST_MS + 1000, sending, reason)
      if (!response) return { status: 0, body: undefined }
      countOne(this.counts, `${kind} ${response.status}`)
      const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
      // What breaks off in the middle of a body, or is no JSON after all, is the host's to bear.
      const body = await (isJson ? (response.json() as Promise<unknown>) : response.arrayBuffer()).catch(
        () => undefined,
      )
      return { status: response.status, body }
    } finally {
      clearTimeout(timer)
    }
  }

  async #isThere(file: SoakFile): Promise<boolean> {
    for (;;) {
      const path = `/${this.#service.token}/v4/files?folder=${SOAK_FOLDER}&q=${nameOf(file)}`
      const { body } = await this.request('look', path)
      const { status, files } = (body ?? {}) as { status?: string; files?: unknown[] }
      if (status === 'success' && files) return files.length > 0
      await this.#pause()
    }
  }

  async #sendByFetch(file: SoakFile): Promise<boolean> {
    const form = new FormData()
    form.append('files[]', new File([contentOf(file)], `${nameOf(file)}.bin`, { type: 'application/octet-stream' }))
    const path = `/${this.#service.token}/v4/files?folder=${SOAK_FOLDER}`
    const { status, body } = await this.request('upload', path, { method: 'POST', body: form })
    return status === 200 && (body as { status?: string } | undefined)?.status === 'success'
  }

  async #sendByWidget(file: SoakFile): Promise<boolean> {
    this.#widget ??= this.#connected()
    const core = await this.#widget
    const name = `${nameOf(file)}.bin`
    const added = { name, type: 'application/octet-stream', data: new File([contentOf(file)], name) }
    // Its types do not know of the folder.
    const id: unknown = core.addFile(Object.assign(added, { toFolder: SOAK_FOLDER }))
    const told = new Promise<boolean>((resolve, reject) => {
      const isOurs = (of?: { name?: string }) => of?.name === name
      const onSuccess = (of: { name: string }) => isOurs(of) && end(() => resolve(true))
      const onError = (of: { name: string }) => isOurs(of) && end(() => resolve(false))
      const timer = setTimeout(() => end(() => reject(new Error(`nothing was told of ${name}`))), TOLD_MS)
      const end = (settle: () => void) => {
        clearTimeout(timer)
        core.off('upload-success', onSuccess)
        core.off('upload-error', onError)
        settle()
      }
      core.on('upload-success', onSuccess)
      core.on('upload-error', onError)
    })
    // Its own promise tells less than its events.
    core.upload().catch(() => {})
    const isStored = await this.#calls.track('widget', TOLD_MS + 1000, told)
    if (core.getFileUploading!(id as string)) core.removeFile(id as string)
    return isStored ?? false
  }

  /** Resolves when the widget knows what it may do: before that it takes no files. */
  async #connected(): Promise<ReturnType<typeof createCore>> {
    const { apiBase, token } = this.#service
    const core = createCore({
      container: token,
      apiEndpoint: apiBase,
      adminApiEndpoint: apiBase,
      i18nFetchApiEndpoint: 'data:application/json,[]#',
      sassKeyRenewerEnabled: false,
    })
    core.use(XHRUpload)
    await new Promise<void>(onReady => connectUploader(this.#auth(), core, { onReady }))
    return core
  }

  #pause(): Promise<void> {
    return new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
}
