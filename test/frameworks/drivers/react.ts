import * as react from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import * as hooks from '../../../src/react.ts'
import type { Driver } from '../framework.ts'

// React asks for it.
;(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true

type Shown = (error: unknown) => react.ReactNode

class Boundary extends react.Component<{ show: Shown; children?: react.ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {}
  static getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override render() {
    return this.state.error ? this.props.show(this.state.error) : this.props.children
  }
}

const driver = (isStrict: boolean): Driver => {
  const wrapped = (content: unknown) => {
    const node = content as react.ReactNode
    return isStrict ? react.createElement(react.StrictMode, undefined, node) : node
  }
  return {
    hooks,
    own: react,
    async act(work) {
      await react.act(async () => {
        await work()
      })
    },
    element: (type, props, ...children) =>
      react.createElement(type as react.FunctionComponent, props, ...(children as react.ReactNode[])),
    open(container) {
      const root = createRoot(container)
      return { render: content => root.render(wrapped(content)), unmount: () => root.unmount() }
    },
    hydrate: (container, content, onError) => hydrateRoot(container, wrapped(content), { onRecoverableError: onError }),
    toHtml: content => renderToString(wrapped(content)),
    guarded: (content, show) => react.createElement(Boundary, { show: show as Shown }, content as react.ReactNode),
  }
}

export const drivers: [mode: string, driver: Driver][] = [
  ['', driver(false)],
  ["'s StrictMode", driver(true)],
]
