import { mountImageEditor } from '../../../demo/widgets/image-editor.ts'
import { mountSpin } from '../../../demo/widgets/spin.ts'
import { mountUploader } from '../../../demo/widgets/uploader.ts'
import { createAuth } from '../../../src/index.ts'

// Where the API is comes from the query string: the server's port differs from run to run.
const query = new URLSearchParams(location.search)
const [apiBase, token, templateId] = ['apiBase', 'token', 'template'].map(name => query.get(name) ?? '') as [
  string,
  string,
  string,
]
const auth = createAuth({ apiBase, token, templateId })
const container = (id: string) => document.getElementById(id) as HTMLElement

const widgets = {
  auth,
  /** What the editor's connection reported, in order. */
  saved: [] as unknown[],
  failed: [] as unknown[],
  uploader: (options: { folder: string }) => mountUploader(container('uploader'), { auth, token, apiBase, ...options }),
  editor: (options: { sourceUrl: string; folder: string }) =>
    mountImageEditor(container('editor'), {
      auth,
      token,
      apiBase,
      onSaved: saved => widgets.saved.push(saved),
      onError: error => widgets.failed.push(error),
      ...options,
    }),
  spin: (options: { folder: string }) => mountSpin(container('spin'), { auth, token, apiBase, ...options }),
}

declare global {
  interface Window {
    widgets: typeof widgets
  }
}

window.widgets = widgets
