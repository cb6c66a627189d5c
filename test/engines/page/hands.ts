import type * as lib from '../../../src/index.ts'
import type { SimulatedTime } from './simulated-time.ts'

declare global {
  interface Window {
    hands: Hands
    /** The library's exports. */
    lib: typeof lib
    auth: lib.Auth
    /** Only in a page with simulated time. */
    time: SimulatedTime
    /** What a caller waits for. */
    asked: Promise<lib.AccessKey>
    /** What `pageshow` said each time: whether the page came back as it was left. */
    shows: boolean[]
    /** Ends the fault of a database that was broken for a test. */
    mendDatabase(): void
  }
}

/** What a test has its hands on in a page. */
export interface Hands {
  /** Begins a function given as text, with arguments as JSON, and returns a number for `take`. */
  start(task: string, args: string): number
  /** What came of it, as JSON; `''` while it runs. */
  take(id: number): string
  /** Errors that nobody caught, and rejections that nobody handled. */
  errors: string[]
}

/**
 * Runs in a page before everything else. The protocol runs one command at a time and waits for its end, but a test wants
 * something of several tabs at once: so it starts something here, and comes again to see what came of it.
 */
export function installHands(): void {
  const outcomes: string[] = []
  const text = (error: unknown) =>
    error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error)
  const hands: Hands = {
    start(task, args) {
      const id = outcomes.push('') - 1
      void (async () => {
        try {
          // oxlint-disable-next-line no-eval -- As a script's text, because that is the page's own world, also where the driver has another.
          const run = (0, eval)(`(${task})`) as (...args: unknown[]) => unknown
          outcomes[id] = JSON.stringify({ value: await run(...(JSON.parse(args) as unknown[])) })
        } catch (error) {
          outcomes[id] = JSON.stringify({ error: text(error) })
        }
      })()
      return id
    },
    take: id => outcomes[id] ?? '{"error":"The page was left before it came to an end"}',
    errors: [],
  }
  addEventListener('error', ({ message }) => hands.errors.push(message))
  addEventListener('unhandledrejection', ({ reason }) => hands.errors.push(`unhandled: ${text(reason)}`))
  // A page with widgets loads more than the 250 files that are kept by default.
  performance.setResourceTimingBufferSize(2000)
  window.hands = hands
}
