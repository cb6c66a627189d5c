import { until } from './wait.ts'
import type { Powers, Send, Session } from './webdriver.ts'

/** How long a task in a page may take: some let a whole day go by. */
const TASK_DEADLINE_MS = 50_000

/** A function that runs in a page. It is sent as text: it sees its arguments and the page, and nothing else. */
export type PageFunction<A extends unknown[], R> = (...args: A) => R | Promise<R>

/** A real tab, or a window of its own, of a running browser. */
export interface Tab {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
  /** Minimises a window of its own: its page is hidden then. */
  hide(): Promise<void>
  show(): Promise<void>
  /** Resolves when a page of ours is loaded that the browser opened by itself. */
  loaded(): Promise<void>
  /** Runs `task` in the page to its end, while other tabs run too. */
  run<A extends unknown[], R>(task: PageFunction<A, R>, ...args: A): Promise<R>
  /** Begins `task` in the page, and does not look at what comes of it. */
  start<A extends unknown[]>(task: PageFunction<A, unknown>, ...args: A): Promise<void>
  /** Sends a command of the protocol with this tab as the current one. */
  send: Send
}

/** A browser with a profile of its own. */
export interface Browser {
  powers: Powers
  newTab(type?: 'tab' | 'window'): Promise<Tab>
  /** The tabs that pages have opened by themselves since this was last asked. */
  openedTabs(): Promise<Tab[]>
  close(): Promise<void>
}

/** What a page of this suite has for us: see `page/hands.ts`. */
interface Outcome {
  value?: unknown
  error?: string
}

export async function openBrowser(session: Session): Promise<Browser> {
  // The protocol has one current tab, so that commands to several must not come in between each other.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task)
    last = result.catch(() => {})
    return result
  }
  // Always open and empty, because a new one can be asked for only while the current one is open.
  const home = (await session.send('GET', '/window')) as string
  const known = new Set([home])
  // `focus` is Firefox's: without it, a tab that is looked at comes to the front and the others are hidden.
  const at = (handle: string) => session.send('POST', '/window', { handle, focus: false, name: handle })

  const tabOf = (handle: string): Tab => {
    known.add(handle)
    const send: Send = (method, path, body) =>
      inTurn(async () => {
        await at(handle)
        return session.send(method, path, body)
      })
    const script = (text: string, ...args: unknown[]) => send('POST', '/execute/sync', { script: text, args })
    const begin = (task: unknown, args: unknown[]) =>
      script('return window.hands.start(arguments[0], arguments[1])', String(task), JSON.stringify(args))
    return {
      send,
      goto: async url => void (await send('POST', '/url', { url })),
      reload: async () => void (await send('POST', '/refresh', {})),
      back: async () => void (await send('POST', '/back', {})),
      close: async () => void (await send('DELETE', '/window')),
      hide: async () => void (await send('POST', '/window/minimize', {})),
      show: async () => void (await send('POST', '/window/rect', { width: 900, height: 600 })),
      start: async (task, ...args) => void (await begin(task, args)),
      loaded: async () =>
        void (await until('a loaded page', () =>
          script('return !!window.hands && document.readyState === "complete"'),
        )),
      async run<A extends unknown[], R>(task: PageFunction<A, R>, ...args: A) {
        const id = await begin(task, args)
        const look = async () => {
          const text = (await script('return window.hands ? window.hands.take(arguments[0]) : "{}"', id)) as string
          return text && (JSON.parse(text) as Outcome)
        }
        const outcome = await until(`the end of ${String(task)}`, look, TASK_DEADLINE_MS)
        if (outcome.error !== undefined) throw new Error(outcome.error)
        return outcome.value as R
      },
    }
  }
  return {
    powers: session.powers,
    newTab: (type = 'tab') =>
      inTurn(async () => {
        await at(home)
        const opened = (await session.send('POST', '/window/new', { type, focus: false })) as { handle: string }
        return tabOf(opened.handle)
      }),
    openedTabs: () =>
      inTurn(async () => {
        const handles = (await session.send('GET', '/window/handles')) as string[]
        return handles.filter(handle => !known.has(handle)).map(tabOf)
      }),
    close: () => session.end(),
  }
}
