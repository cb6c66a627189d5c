import * as preact from 'preact'
import * as preactOwn from 'preact/hooks'
import { act as preactAct } from 'preact/test-utils'
import { renderToString as preactToString } from 'preact-render-to-string'
import * as react from 'react'
import { createRoot } from 'react-dom/client'
import { renderToString as reactToString } from 'react-dom/server'
import { vi } from 'vitest'
import type { FrameworkHooks } from '../../../src/hooks/framework.ts'
import * as preactHooks from '../../../src/preact.ts'
import * as reactHooks from '../../../src/react.ts'

/** A component's hook, in whichever framework: what it returned at each rendering, and what can be done to it. */
export interface Mounted<Props, Result> {
  results: Result[]
  readonly result: Result | undefined
  /** Renders it with other props, and lets effects run. */
  update(props: Props): Promise<void>
  unmount(): Promise<void>
}

export interface Framework {
  hooks: typeof reactHooks
  /** The framework's own. */
  own: FrameworkHooks
  /** Does something, and lets everything follow that needs no time. */
  act(work: () => void | Promise<void>): Promise<void>
  mount<Props extends object, Result>(
    use: (props: Props) => Result,
    props: NoInfer<Props>,
  ): Promise<Mounted<Props, Result>>
  /** Renders as a server does. */
  renderToString<Result>(use: () => Result): Result[]
}
// React asks for it, and Preact does not mind.
;(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true

/** A component that notes what its hook returns. */
const probe = <Props, Result>(use: (props: Props) => Result, results: Result[]) =>
  function Probe(props: Props) {
    results.push(use(props))
    return null
  }

/** All that is between two frameworks and one test. */
function mounting(act: Framework['act'], createView: (container: Element) => View) {
  return async <Props extends object, Result>(use: (props: Props) => Result, props: NoInfer<Props>) => {
    const results: Result[] = []
    const Probe = probe(use, results)
    const view = createView(document.createElement('div'))
    await act(() => view.render(Probe, props))
    return {
      results,
      get result() {
        return results.at(-1)
      },
      update: (next: Props) => act(() => view.render(Probe, next)),
      unmount: () => act(() => view.unmount()),
    }
  }
}

interface View {
  render<Props extends object>(Component: (props: Props) => null, props: Props): void
  unmount(): void
}

const reactAct: Framework['act'] = async work => {
  await react.act(async () => {
    await work()
  })
}

const reactMounting = (isStrict: boolean) =>
  mounting(reactAct, container => {
    const root = createRoot(container)
    return {
      render: (Component, props) => {
        const content = react.createElement(Component, props)
        root.render(isStrict ? react.createElement(react.StrictMode, undefined, content) : content)
      },
      unmount: () => root.unmount(),
    }
  })

const reactFramework = (isStrict: boolean): Framework => ({
  hooks: reactHooks,
  own: react,
  act: reactAct,
  mount: reactMounting(isStrict),
  renderToString: use => {
    const results: ReturnType<typeof use>[] = []
    reactToString(react.createElement(probe(use, results)))
    return results
  },
})

const preactActing: Framework['act'] = async work => {
  await preactAct(async () => {
    await work()
  })
}

const preactFramework: Framework = {
  hooks: preactHooks as unknown as typeof reactHooks,
  own: preactOwn,
  act: preactActing,
  mount: mounting(preactActing, container => ({
    render: (Component, props) => preact.render(preact.h(Component, props), container),
    unmount: () => preact.render(null, container),
  })),
  renderToString: use => {
    const results: ReturnType<typeof use>[] = []
    preactToString(preact.h(probe(use, results), {}))
    return results
  },
}

/** The same tests for each. */
export const frameworks: [name: string, framework: Framework][] = [
  ['React', reactFramework(false)],
  ["React's StrictMode", reactFramework(true)],
  ['Preact', preactFramework],
]

/** Waits until `isTrue` throws no more. */
export const settled = (act: Framework['act'], isTrue: () => void) =>
  vi.waitFor(async () => {
    // Not in here: what React was to do is lost with what is thrown.
    await act(() => {})
    isTrue()
  })
