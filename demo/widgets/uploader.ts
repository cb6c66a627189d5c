import type { Auth } from '../../src/types.ts'
import { connectUploader, uploaderHeaders } from '../../src/widgets/index.ts'

/** What {@link mountUploader} takes. */
export interface UploaderMountOptions {
  /** Gives the key: the widget knows neither a secret nor a template. */
  auth: Auth
  /** Project token. */
  token: string
  /** Origin of the API, for example `'http://localhost:4000'`. */
  apiBase: string
  /** Where the list begins and uploads go. @default '/' */
  folder?: string
}

/**
 * Shows the Filerobot Uploader with its Explorer in `container`; resolves when it is mounted and has its key, or shows why there is none.
 *
 * @example `const uploader = await mountUploader(element, { auth, token: 'fusqadtm', apiBase: location.origin })`
 */
export async function mountUploader(
  container: HTMLElement,
  { auth, token, apiBase, folder = '/' }: UploaderMountOptions,
): Promise<{ unmount(): void }> {
  const [{ default: createCore }, { default: Explorer }, { default: XHRUpload }] = await Promise.all([
    import('@filerobot/core'),
    import('@filerobot/explorer'),
    import('@filerobot/xhr-upload'),
    import('@filerobot/core/dist/style.min.css'),
    import('@filerobot/explorer/dist/style.min.css'),
    import('./uploader.css'),
  ])
  const target = document.createElement('div')
  target.className = 'uploader-mount'
  container.append(target)

  const core = createCore({
    container: token,
    apiEndpoint: apiBase,
    // Its constants are asked for without a key; from the hub unless told otherwise.
    adminApiEndpoint: apiBase,
    // Fetched from another host otherwise, whatever the language.
    i18nFetchApiEndpoint: 'data:application/json,[]#',
  })
  core.use(XHRUpload, { headers: uploaderHeaders(auth), uploadToFolderPath: folder })
  let disconnect = () => {}
  const settled = new Promise<void>(resolve => {
    disconnect = connectUploader(auth, core, { onReady: resolve, onError: () => resolve() })
  })
  // Without a key it shows that it is loading, or why there is none; when one comes it goes on.
  core.use(Explorer, {
    target,
    inline: true,
    width: '100%',
    height: '100%',
    config: { rootFolderPath: folder },
    dismissUrlPathQueryUpdate: true,
    hideLeftSideBar: true,
  })
  await settled
  return {
    unmount() {
      disconnect()
      core.close()
      target.remove()
    },
  }
}
