import { inject, vi } from 'vitest'
import type { FrameworkHooks } from '../../src/hooks/framework.ts'
import type * as reactHooks from '../../src/react.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What this project's tests run with. */
    framework: { name: 'react' | 'preact'; major: number }
  }
}

/** What a component returns, in whichever framework. */
export type Rendered = unknown
// What a component takes is the test's to know.
export type Component = (props: never) => Rendered

/** The names that both entries have. */
export type Hooks = Omit<typeof reactHooks, 'FilerobotAuthProvider'> & { FilerobotAuthProvider: Component }

/** What of a framework is not the same in both; and in React also whether it is in StrictMode. */
export interface Driver {
  hooks: Hooks
  /** The framework's own. */
  own: FrameworkHooks
  /** Does something, and lets everything follow that needs no time. */
  act(work: () => void | Promise<void>): Promise<void>
  element(type: Component | string, props: object | null, ...children: Rendered[]): Rendered
  /** Renders into `container` at each call. */
  open(container: Element): { render(content: Rendered): void; unmount(): void }
  /** Takes up what a server has rendered; `onError` hears what differed. */
  hydrate(container: Element, content: Rendered, onError: (error: unknown) => void): { unmount(): void }
  /** Renders as a server does. */
  toHtml(content: Rendered): string
  /** `content`, or what `show` makes of an error in it. */
  guarded(content: Rendered, show: (error: unknown) => Rendered): Rendered
}

/** A component's hook: what it returned at each rendering, and what can be done to it. */
export interface Mounted<Props, Result> {
  results: Result[]
  readonly result: Result | undefined
  /** Renders it with other props, and lets effects run. */
  update(props: Props): Promise<void>
  unmount(): Promise<void>
}

export interface Framework extends Driver {
  mount<Props extends object, Result>(
    use: (props: Props) => Result,
    props: NoInfer<Props>,
  ): Promise<Mounted<Props, Result>>
  /** Renders on a server a component that calls this hook. */
  renderToString<Result>(use: () => Result): Result[]
}

/** A component that notes what its hook returns. */
const probe = <Props, Result>(use: (props: Props) => Result, results: Result[]) =>
  function Probe(props: Props) {
    results.push(use(props))
    return null
  }

const withProbes = (driver: Driver): Framework => ({
  ...driver,
  async mount<Props extends object, Result>(use: (props: Props) => Result, props: Props) {
    const { act, element, open } = driver
    const results: Result[] = []
    const Probe = probe(use, results)
    const view = open(document.createElement('div'))
    await act(() => view.render(element(Probe, props)))
    return {
      results,
      get result() {
        return results.at(-1)
      },
      update: next => act(() => view.render(element(Probe, next))),
      unmount: () => act(() => view.unmount()),
    }
  },
  renderToString<Result>(use: () => Result) {
    const results: Result[] = []
    driver.toHtml(driver.element(probe(use, results), null))
    return results
  },
})

const { name, major } = inject('framework')
const { drivers } = name === 'react' ? await import('./drivers/react.ts') : await import('./drivers/preact.ts')

/** The same tests for each. */
export const frameworks = drivers.map(
  ([mode, driver]) => [`${name === 'react' ? 'React' : 'Preact'} ${major}${mode}`, withProbes(driver)] as const,
)

/** Waits until `isTrue` throws no more. */
export const settled = (act: Framework['act'], isTrue: () => void) =>
  vi.waitFor(async () => {
    // Not in here: what React was to do is lost with what is thrown.
    await act(() => {})
    isTrue()
  })
