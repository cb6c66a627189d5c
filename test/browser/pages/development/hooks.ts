import * as preact from 'preact'
import * as React from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { auth, live, told } from './told.ts'

const container = document.getElementById('root') as HTMLElement
let root: Root | undefined

type Props = Record<string, string>

/** The components, each with its widget, which is large. */
const components = {
  Spin: async () => (await import('./spin.ts')).Spin,
  Editor: async () => (await import('./editor.ts')).Editor,
  Uploader: async () => (await import('./uploader.ts')).Uploader,
}
const preactComponents = {
  Spin: async () => (await import('./spin.ts')).PreactSpin,
  Editor: async () => (await import('./editor.ts')).PreactEditor,
}

const hooks = {
  auth,
  told,
  liveUrls: () => live.size,
  /** Renders in StrictMode. */
  async react(name: keyof typeof components, props: Props) {
    const Component = (await components[name]()) as unknown as React.FunctionComponent<Props>
    root ??= createRoot(container)
    root.render(React.createElement(React.StrictMode, undefined, React.createElement(Component, props)))
  },
  async preact(name: keyof typeof preactComponents, props: Props) {
    const Component = (await preactComponents[name]()) as unknown as preact.FunctionComponent<Props>
    preact.render(preact.h(Component, props), container)
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
