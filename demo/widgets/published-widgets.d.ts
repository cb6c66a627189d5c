// The uploader's own declarations are unreadable as modules: this is what the demo uses of the published packages.

declare module '@filerobot/core' {
  type Core = import('../../src/widgets/index.ts').UploaderCore & {
    use(plugin: unknown, options?: Record<string, unknown>): Core
    addFile(file: { name: string; type: string; data: Blob }): unknown
    upload(): Promise<unknown>
    retryUpload(fileId: string): Promise<unknown>
    getGlobalState(): unknown
    cancelUploads(): void
    removeFile(fileId: string): void
    generateUserKey(): Promise<unknown>
    store: { subscribe(listener: () => void): unknown }
    on(event: string, listener: (...details: never[]) => void): unknown
    close(): void
  }
  export class Plugin {
    type: string
    id: string
    constructor(core: unknown, options?: Record<string, unknown>)
  }
  export default function createCore(options: Record<string, unknown>): Core
}

declare module '@filerobot/explorer' {
  const Explorer: unknown
  export default Explorer
}

declare module '@filerobot/xhr-upload' {
  const XHRUpload: unknown
  export default XHRUpload
}

declare module 'filerobot-image-editor' {
  type SaveHandler = (image: import('../../src/widgets/index.ts').EditedImage, design?: object) => unknown
  type Start = (onSave: SaveHandler) => void
  interface Config extends Record<string, unknown> {
    onSave: SaveHandler
    moreSaveOptions?: { label: string; onClick: (openDialog: Start, saveAtOnce: Start) => void }[]
  }
  export default class FilerobotImageEditor {
    constructor(container: HTMLElement, config: Config)
    render(): void
    terminate(): void
  }
}

declare module 'js-cloudimage-360-view' {}

declare module '*.css' {}
