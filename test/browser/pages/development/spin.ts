import 'js-cloudimage-360-view'
import { CI360Viewer } from 'js-cloudimage-360-view/react'
import * as preact from 'preact'
import * as preactHooks from 'preact/hooks'
import * as React from 'react'
import { useFilerobotSpin as usePreactSpin } from '../../../../src/preact.ts'
import { type SpinState, useFilerobotSpin } from '../../../../src/react.ts'
import { auth, countMount, note, told, where } from './told.ts'

const viewerConfig = {
  lazyload: false,
  hide360Logo: true,
  hints: false,
  onReady: () => void told.ready++,
  onError: ({ error }: { error?: { url?: string } }) => void told.errors.push(error?.url ?? ''),
}
/** As `docs/react-and-preact.md` has them: the options are others at each rendering. */
export function Spin({ folder }: { folder: string }) {
  const spin: SpinState = useFilerobotSpin(auth, { ...where, folder, namesX: /\.png$/, onProgress: () => {} })
  note(spin, spin.imageListX)
  React.useEffect(countMount, [])
  return React.createElement(
    'div',
    { id: 'spin' },
    spin.imageListX && React.createElement(CI360Viewer, { imageListX: spin.imageListX, ...viewerConfig }),
  )
}

interface Viewers {
  init(container: Element, config: object): unknown
  destroy(id: string): void
}

export function PreactSpin({ folder }: { folder: string }) {
  const box = preactHooks.useRef<HTMLDivElement>(null)
  const spin = usePreactSpin(auth, { ...where, folder, namesX: /\.png$/ })
  const { imageListX } = spin
  note(spin, imageListX)
  preactHooks.useEffect(countMount, [])
  preactHooks.useEffect(() => {
    const { CI360 } = globalThis as unknown as { CI360: Viewers }
    if (!imageListX || !box.current) return
    CI360.init(box.current, { imageListX, ...viewerConfig })
    return () => CI360.destroy('viewer')
  }, [imageListX])
  return preact.h('div', { id: 'spin' }, preact.h('div', { id: 'viewer', ref: box }))
}
