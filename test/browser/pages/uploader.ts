import createCore, { Plugin } from '@filerobot/core'
import XHRUpload from '@filerobot/xhr-upload'
import { createAuth, isAuthError } from '../../../src/index.ts'
import type { AuthEvent, AuthOptions } from '../../../src/types.ts'
import { connectUploader, type UploaderOptions, uploaderHeaders } from '../../../src/widgets/index.ts'

// Where the API is comes from the query string: the server's port differs from run to run.
const query = new URLSearchParams(location.search)
const [apiBase, token, templateId] = ['apiBase', 'token', 'template'].map(name => query.get(name) ?? '') as [
  string,
  string,
  string,
]

/** What the widget and the auth told, in order. */
const told = {
  events: [] as AuthEvent[],
  /** The name of each of the widget's events, and of which file. */
  uploads: [] as string[],
  /** Words of `upload-error`. */
  errors: [] as string[],
  /** Identifiers of files, as they were sent, and as they were put into batches. */
  started: [] as string[],
  batch: [] as string[],
  completed: [] as { successful: number; failed: number }[],
  progress: [] as number[],
  ready: 0,
  notReady: [] as string[],
}

type Core = ReturnType<typeof createCore>

/** A core that listens; `options` are the stock widget's. */
function newCore(options: Record<string, unknown> = {}): Core {
  const core = createCore({
    container: token,
    apiEndpoint: apiBase,
    adminApiEndpoint: apiBase,
    i18nFetchApiEndpoint: 'data:application/json,[]#',
    sassKeyRenewerEnabled: false,
    ...options,
  })
  core.on('upload-success', (file: { name: string }) => told.uploads.push(`success ${file.name}`))
  core.on('upload-error', (file: { name: string }, error: Error) => {
    told.uploads.push(`error ${file.name}`)
    told.errors.push(error.message)
  })
  core.on('upload-progress', (_: unknown, { bytesFinished, bytesTotal }: Record<string, number>) => {
    told.progress.push((bytesFinished ?? 0) / (bytesTotal ?? 1))
  })
  core.on('complete', ({ successful, failed }: Record<string, unknown[]>) => {
    told.completed.push({ successful: successful?.length ?? 0, failed: failed?.length ?? 0 })
  })
  return core
}

const newAuth = (options: Partial<AuthOptions> = {}) =>
  createAuth({ apiBase, token, templateId, onEvent: event => told.events.push(event), ...options })

const connect = (auth: ReturnType<typeof createAuth>, core: Core, options: UploaderOptions = {}) =>
  connectUploader(auth, core, {
    onReady: () => told.ready++,
    onError: ({ code }) => told.notReady.push(code),
    ...options,
  })

/** Adds files whose bytes differ, and uploads them. */
function upload(core: Core, count: number, sizeBytes: number): Promise<unknown> {
  for (let index = 0; index < count; index++) {
    const bytes = new Uint8Array(sizeBytes).fill(index)
    // A megabyte at a time: no more can be asked for.
    for (let at = 0; at < sizeBytes; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    const name = `file-${String(index + 1).padStart(2, '0')}.bin`
    core.addFile({ name, type: 'application/octet-stream', data: new File([bytes], name) })
  }
  return core.upload()
}

/** A place to take files from: the Explorer offers its asset picker beside one. */
class Shelf extends Plugin {
  override type = 'acquirer'
  override id = 'Shelf'
  title = 'Shelf'
  install() {}
  uninstall() {}
}

const bench = {
  told,
  newCore,
  newAuth,
  connect,
  upload,
  uploaderHeaders,
  XHRUpload,
  Shelf,
  isAuthError,
  /** The Explorer, loaded when it is wanted: it is large. */
  explorer: async () => (await import('@filerobot/explorer')).default,
  /** How a promise ends: the code of its error, or its words. */
  codeOf: (promise: Promise<unknown>) =>
    promise.then(
      () => 'fulfilled',
      (error: unknown) => (isAuthError(error) ? error.code : String(error)),
    ),
  /** What the page made, for a later step of the test. */
  made: {} as { core: Core; auth: ReturnType<typeof createAuth>; disconnect: () => void; done: Promise<unknown> },
}

declare global {
  interface Window {
    bench: typeof bench
  }
}

window.bench = bench
