import VanillaEditor from 'filerobot-image-editor'
import * as preact from 'preact'
import * as preactHooks from 'preact/hooks'
import * as React from 'react'
import ReactEditor from 'react-filerobot-image-editor'
import { useFilerobotImageEditor as usePreactImageEditor } from '../../../../src/preact.ts'
import { type ImageEditorHookOptions, type ImageEditorState, useFilerobotImageEditor } from '../../../../src/react.ts'
import { auth, countMount, note, told, where } from './told.ts'

// Three files of react-filerobot-image-editor 5.0.1 use a global `React`.
;(globalThis as { React?: unknown }).React ??= React

interface Props {
  source: string
  folder: string
}

/** Others at each rendering. */
const options = ({ source, folder }: Props): ImageEditorHookOptions => ({
  ...where,
  source,
  folder,
  onSaved: ({ file }) => told.saved.push(String(file['name'])),
  onError: ({ error }) => told.errors.push(String(error)),
})

const config = ({ source, onSave }: ImageEditorState & { status: 'ready' }) => ({
  source,
  onSave,
  tabsIds: ['Adjust'],
  defaultTabId: 'Adjust',
  defaultToolId: 'Rotate',
  savingPixelRatio: 1,
  previewPixelRatio: 1,
  useBackendTranslations: false,
  avoidChangesNotSavedAlertOnLeave: true,
})

export function Editor(props: Props) {
  const editor = useFilerobotImageEditor(auth, options(props))
  note(editor, editor.source)
  React.useEffect(countMount, [])
  return React.createElement(
    'div',
    { id: 'editor' },
    editor.status === 'ready' &&
      React.createElement(ReactEditor as unknown as React.FunctionComponent<Record<string, unknown>>, config(editor)),
  )
}

export function PreactEditor(props: Props) {
  const box = preactHooks.useRef<HTMLDivElement>(null)
  const editor = usePreactImageEditor(auth, options(props))
  note(editor, editor.source)
  preactHooks.useEffect(countMount, [])
  preactHooks.useEffect(() => {
    if (editor.status !== 'ready' || !box.current) return
    const shown = new VanillaEditor(box.current, config(editor))
    shown.render()
    return () => shown.terminate()
  }, [editor])
  return preact.h('div', { id: 'editor', ref: box })
}
