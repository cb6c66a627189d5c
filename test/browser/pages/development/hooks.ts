import * as preact from 'preact'
import * as React from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { auth, live, told } from './told.ts'

const container = document.getElementById('root') as HTMLElement
let root: Root | undefined

/** The components, each with its widget, which is large. */
const components = {
  Spin: async () => (await import('./spin.ts')).Spin,
  Editor: async () => (await import('./editor.ts')).Editor,
  Uploader: async () => (await import('./uploader.ts')).Uploader,
}

const hooks = {
  auth,
  told,
  liveUrls: () => live.size,
  /** Renders in StrictMode. */
  async react(name: keyof typeof components, props: Record<string, string>) {
    const Component = (await components[name]()) as unknown as React.FunctionComponent<Record<string, string>>
    root ??= createRoot(container)
    root.render(React.createElement(React.StrictMode, undefined, React.createElement(Component, props)))
  },
  async preact(folder: string) {
    const { PreactSpin } = await import('./spin.ts')
    preact.render(preact.h(PreactSpin, { folder }), container)
  },
  unmount() {
    root?.unmount()
    root = undefined
    preact.render(null, container)
  },
}

declare global {
  interface Window {
    hooks: typeof hooks
  }
}

window.hooks = hooks
