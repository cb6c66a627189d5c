/** What the uploader knows of a file that is being uploaded, as far as it is used here. */
export interface UploadingFile {
  id: string
  progress?: { status?: string }
}

/** XHRUpload's options, as far as they are used here. */
export interface UploadOptions {
  endpoint?: string
  headers?: Record<string, string>
  /** How many files are sent at the same time; 0 or absent: all. */
  limit?: number
  validateStatus?: (status: number, text: string, xhr: XMLHttpRequest) => boolean
  getResponseError?: (text: string, xhr: XMLHttpRequest) => Error
}

/** A plugin of the uploader. What is optional is internal to XHRUpload 3.114 and guarded. */
export interface UploaderPlugin {
  type?: string
  opts?: UploadOptions
  getOptions?(file: UploadingFile): UploadOptions
  upload?(job: UploadJob): Promise<unknown>
}

/** One file of a batch. */
export interface UploadJob {
  file: UploadingFile
  uploadId: string
}

/** What the core's API client is told of a request. */
export interface ClientRequest {
  headers?: Record<string, string | undefined>
  baseApi?: string
  /** Whether the widget shows no message of a failure. */
  avoidErrorMsg?: boolean | ((response: unknown) => unknown)
  onError?: (response: unknown) => void
}

/** The core's API client, through which the Explorer lists, moves and renames. */
export interface ApiClient {
  _send(url: string, request?: ClientRequest): Promise<unknown>
  _baseEndpoint?: string
}

/** A live `@filerobot/core` instance, as far as it is used here. What is optional is internal to 3.114 and guarded. */
export interface UploaderCore {
  opts: {
    sassKey?: string | undefined
    securityTemplateId?: string | undefined
    sassKeyRenewerEnabled?: boolean | undefined
    apiEndpoint?: string | undefined
  }
  initUserAuthState(key: string): unknown
  setOptions(options: { sassKey: string }): void
  addPreProcessor(processor: () => Promise<unknown>): void
  removePreProcessor(processor: () => Promise<unknown>): void
  on(event: string, listener: (...details: never[]) => void): unknown
  off(event: string, listener: (...details: never[]) => void): unknown
  emit(event: string, ...details: unknown[]): void
  dispatch(action: unknown): unknown
  iteratePlugins(visit: (plugin: UploaderPlugin) => void): void
  info(message: string, type: string, durationMs: number): void
  hideInfo(): void
  setCoreCommonState?(patch: { loading: boolean }): void
  getFileUploading?(fileId: string): unknown
  setFileUploadingState?(fileId: string, uploadId: string, state: object): void
  sassKeyRenewer?: { subscribe?(): () => void }
  _sassKeyRenewerUnsubscribe?: (() => void) | undefined
}
