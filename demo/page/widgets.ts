import type { Auth, KeyClaims } from '../../src/index.ts'
import { folderToList } from './allowances.ts'
import type { Connection, Samples } from './connection.ts'

/** What a widget is opened with. `subject` is the folder or the picture that was typed. */
export interface OpeningContext extends Connection {
  auth: Auth
  subject: string
  /** Says what the widget did, below the stage. */
  report: (words: string) => void
}

/** One of the three, loaded when it is wanted: together they weigh more than a megabyte. */
export interface DemoWidget {
  id: 'uploader' | 'image-editor' | 'spin'
  name: string
  /** Its name within a sentence. */
  called: string
  about: string
  /** What it downloads, compressed. */
  weight: string
  subject: { label: string; sample(samples: Samples | undefined, claims: KeyClaims | undefined): string }
  open(container: HTMLElement, context: OpeningContext): Promise<{ unmount(): void }>
}

export const demoWidgets: [DemoWidget, ...DemoWidget[]] = [
  {
    id: 'uploader',
    name: 'Uploader',
    called: 'uploader',
    about:
      'Browse a folder and upload into it. Each batch starts with a key that is good, also when it came after the widget did.',
    weight: '1.1 MB',
    subject: { label: 'Folder', sample: (samples, claims) => folderToList(claims, samples?.uploadFolder) },
    async open(container, { auth, token, apiBase, subject }) {
      const { mountUploader } = await import('../widgets/uploader.ts')
      return mountUploader(container, { auth, token, apiBase, folder: subject })
    },
  },
  {
    id: 'image-editor',
    name: 'Image editor',
    called: 'image editor',
    about:
      'Opens a private picture with the key, and saves the result with the key as a new file or a new version. A save that fails says so: it can be tried again or downloaded.',
    weight: '0.3 MB',
    subject: { label: 'Picture', sample: samples => samples?.pictureUrl ?? '' },
    async open(container, { auth, token, apiBase, subject, report }) {
      const { mountImageEditor } = await import('../widgets/image-editor.ts')
      return mountImageEditor(container, {
        auth,
        token,
        apiBase,
        sourceUrl: subject,
        folder: folderOfUrl(subject),
        onProgress: share => report(`Saving: ${Math.floor(100 * share)} % sent.`),
        onSaved: () => report('Saved.'),
        onError: error => report(error instanceof Error ? `Not saved. ${error.message}` : 'Not saved.'),
      })
    },
  },
  {
    id: 'spin',
    name: '360° spin',
    called: '360° spin',
    about: 'Lists a folder of private frames with the key, and loads each with it. Drag to turn, double-click to zoom.',
    weight: '40 kB',
    subject: { label: 'Folder', sample: samples => samples?.spinFolder ?? '/' },
    async open(container, { auth, token, apiBase, subject, report }) {
      const { mountSpin } = await import('../widgets/spin.ts')
      let missing = 0
      const mounted = await mountSpin(container, {
        auth,
        token,
        apiBase,
        folder: subject,
        onProgress: ({ loaded, total }) => report(`${loaded} of ${total} frames.`),
        onMissing: () => missing++,
      })
      report(missing ? `${mounted.frames} frames, ${missing} of them missing.` : `${mounted.frames} frames.`)
      return mounted
    },
  },
]

/** Delivery addresses hold the folder in their path; a save goes back to where the picture came from. */
function folderOfUrl(url: string): string {
  const path = URL.canParse(url) ? decodeURI(new URL(url).pathname) : '/'
  return path.replace(/^.*?\/cdn\/[^/]+/, '').replace(/\/[^/]*$/, '') || '/'
}
