// What the documentation takes as given: packages whose own declarations cannot be used as modules or are not installed,
// the globals of scripts, and what a style sheet's import needs. Not for the project's own code: see `tsconfig.json`.

declare module '@filerobot/core' {
  type Core = import('filerobot-widget-auth/widgets').UploaderCore & {
    use(plugin: unknown, options?: object): Core
    addFile(file: { name: string; type: string; data: Blob }): string
    on(event: string, listener: (...details: never[]) => void): Core
    close(): void
  }
  export default function Filerobot(options: { container: string; securityTemplateId?: string; sassKey?: string }): Core
}
declare module '@filerobot/explorer' {
  const Explorer: unknown
  export default Explorer
}
declare module '@filerobot/xhr-upload' {
  const XHRUpload: unknown
  export default XHRUpload
}

declare module 'js-cloudimage-360-view' {}
/** Set by the plugin. */
declare const CI360: {
  init(element: Element | null, options: { imageListX: string[]; imageListY?: string[] }): void
  destroy(id: string): void
}

type ImageEditorConfig = {
  source: string | HTMLImageElement
  onSave: (image: import('filerobot-widget-auth/widgets').EditedImage, design: object) => unknown
  loadableDesignState?: object | undefined
  savingPixelRatio?: number
  previewPixelRatio?: number
  closeAfterSave?: boolean
  moreSaveOptions?: {
    label: string
    onClick: (openDialog: (onSave: Save) => void, saveAtOnce: (onSave: Save) => void) => void
  }[]
}
type Save = ImageEditorConfig['onSave']
declare module 'filerobot-image-editor' {
  export default class FilerobotImageEditor {
    constructor(element: Element | null, config: ImageEditorConfig)
    render(): void
    terminate(): void
  }
}
declare module 'react-filerobot-image-editor' {
  export default function FilerobotImageEditor(props: ImageEditorConfig & { onClose?: () => void }): null
}

declare module '*.css' {}
declare module 'js-cloudimage-360-view/css' {}

/** The part of Playwright's test runner that is shown; the runner itself is not installed here. */
declare module '@playwright/test' {
  import type { Locator, Page } from 'playwright-core'

  type Fixtures<Own> = {
    [Name in keyof Own]: (given: { page: Page } & Own, use: (value: Own[Name]) => Promise<void>) => Promise<void>
  }
  interface Test<Own> {
    (name: string, body: (given: { page: Page } & Own) => Promise<void>): void
    extend<More>(fixtures: Fixtures<More>): Test<Own & More>
  }
  export const test: Test<object>
  export const expect: {
    (locator: Locator): { toContainText(text: string): Promise<void> }
    poll<Value>(read: () => Value): { toEqual(value: Value): Promise<void> }
  }
  export function defineConfig<
    Config extends { webServer?: { command: string; url: string; reuseExistingServer?: boolean } },
  >(config: Config): Config
}

type Library = typeof import('filerobot-widget-auth') & typeof import('filerobot-widget-auth/widgets')
/** Set by the script-tag file. */
declare const FilerobotAuth: Library & {
  auth?: import('filerobot-widget-auth').Auth
  get(templateId: string): import('filerobot-widget-auth').Auth | undefined
  ready: Promise<import('filerobot-widget-auth').AccessKey>
  push(...calls: ((api: typeof FilerobotAuth) => void)[]): void
}
interface Window {
  /** Before it is loaded, an array that the page has made. */
  FilerobotAuth?: { push(...calls: ((api: typeof FilerobotAuth) => void)[]): void }
}
/** Set by the service worker's file. */
declare const FilerobotAuthWorker: typeof import('filerobot-widget-auth/service-worker')

interface ScriptTagEvent<Detail> extends CustomEvent<{ token: string; templateId: string } & Detail> {}
interface DocumentEventMap {
  'filerobot-auth:ready': ScriptTagEvent<{ auth: import('filerobot-widget-auth').Auth }>
  'filerobot-auth:change': ScriptTagEvent<{ status: import('filerobot-widget-auth').AuthState['status'] }>
  'filerobot-auth:error': ScriptTagEvent<{ error: import('filerobot-widget-auth').AuthError }>
}

/** Of a service worker, as far as it is used: its own library does not go together with a page's. */
interface ServiceWorkerScope {
  readonly clients: { claim(): Promise<void> }
  addEventListener(
    type: 'fetch',
    listener: (event: import('filerobot-widget-auth/service-worker').FetchEventLike) => void,
  ): void
  addEventListener(
    type: 'message',
    listener: (event: { data: unknown; waitUntil(task: Promise<unknown>): void }) => void,
  ): void
}

/** Not in every release of TypeScript's own library. */
declare const trustedTypes: {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): import('filerobot-widget-auth/service-worker').TrustedScriptUrl }
}
