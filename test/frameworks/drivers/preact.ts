import * as preact from 'preact'
import * as own from 'preact/hooks'
import { act } from 'preact/test-utils'
import { renderToString } from 'preact-render-to-string'
import * as hooks from '../../../src/preact.ts'
import type { Driver } from '../framework.ts'

type Shown = (error: unknown) => preact.ComponentChildren

class Boundary extends preact.Component<{ show: Shown }, { error?: unknown }> {
  override state: { error?: unknown } = {}
  static override getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override render({ show, children }: preact.RenderableProps<{ show: Shown }>) {
    return this.state.error ? show(this.state.error) : children
  }
}

const driver: Driver = {
  hooks,
  own,
  async act(work) {
    await act(async () => {
      await work()
    })
  },
  element: (type, props, ...children) =>
    preact.h(type as preact.FunctionComponent, props, ...(children as preact.ComponentChild[])),
  open: container => ({
    render: content => preact.render(content as preact.ComponentChild, container),
    unmount: () => preact.render(null, container),
  }),
  // It compares nothing, and so reports nothing.
  hydrate(container, content) {
    preact.hydrate(content as preact.ComponentChild, container)
    return { unmount: () => preact.render(null, container) }
  },
  toHtml: content => renderToString(content as preact.VNode),
  guarded: (content, show) => preact.h(Boundary, { show: show as Shown }, content as preact.ComponentChild),
}

export const drivers: [mode: string, driver: Driver][] = [['', driver]]
