import * as React from 'react'
import ReactEditor from 'react-filerobot-image-editor'
import { useFilerobotImageEditor } from '../../../../src/react.ts'
import { auth, countMount, note, told, where } from './told.ts'

// Three files of react-filerobot-image-editor 5.0.1 use a global `React`.
;(globalThis as { React?: unknown }).React ??= React

export function Editor({ source, folder }: { source: string; folder: string }) {
  const editor = useFilerobotImageEditor(auth, {
    ...where,
    source,
    folder,
    onSaved: ({ file }) => told.saved.push(String(file['name'])),
    onError: ({ error }) => told.errors.push(String(error)),
  })
  note(editor, editor.source)
  React.useEffect(countMount, [])
  return React.createElement(
    'div',
    { id: 'editor' },
    editor.status === 'ready' &&
      React.createElement(ReactEditor as unknown as React.FunctionComponent<Record<string, unknown>>, {
        source: editor.source,
        onSave: editor.onSave,
        tabsIds: ['Adjust'],
        defaultTabId: 'Adjust',
        defaultToolId: 'Rotate',
        savingPixelRatio: 1,
        previewPixelRatio: 1,
        useBackendTranslations: false,
        avoidChangesNotSavedAlertOnLeave: true,
      }),
  )
}
