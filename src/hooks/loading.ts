import type { Auth } from '../types.js'
import type { FrameworkHooks } from './framework.js'
import { createLatestHooks } from './latest.js'

/** What a hook returns that loads something for a widget: `Shown` are the widget's options. */
export type Loading<Shown> =
  | ({
      /** Under way. After a change, with what is still shown: it is good until the new is there. */
      status: 'loading'
      error?: undefined
      retry?: undefined
    } & Partial<Shown>)
  | ({ status: 'ready'; error?: undefined; retry?: undefined } & Shown)
  | ({
      status: 'error'
      /** An `AuthError`, unless an answer broke off: `isAuthError` tells. */
      error: Error
      /** Loads once more. */
      retry: () => void
    } & { [Name in keyof Shown]?: undefined })

interface Releasable {
  release: () => void
}

/** What is to be loaded. Another object is another load. */
interface LoadRequest<Options> {
  auth: Auth
  options: Options
  retry: () => void
}

/** How a load ended. */
interface Outcome<Options, Connection> {
  request: LoadRequest<Options>
  connection?: Connection
  error?: unknown
}

/**
 * Makes a hook that loads what `connect` resolves with, again for another `auth` or other options, and releases it when
 * it is not shown any more.
 *
 * @param connect its `signal` is aborted when nobody waits any more, and never after it resolved
 */
export function createLoadingHook<Options extends object, Connection extends Releasable>(
  framework: FrameworkHooks,
  connect: (
    auth: Auth,
    options: Options,
    signal: AbortSignal,
    latest: { readonly current: Options },
  ) => Promise<Connection>,
): (auth: Auth, options: Options) => Loading<Omit<Connection, 'release'>> {
  const { useEffect, useMemo, useState } = framework
  const { useKept, useLatest } = createLatestHooks(framework)
  return (auth, given) => {
    const options = useKept(given)
    const latest = useLatest(given)
    const [attempt, setAttempt] = useState(0)
    const request = useMemo(() => ({ auth, options, retry: () => setAttempt(attempt + 1) }), [auth, options, attempt])
    const [outcome, setOutcome] = useState<Outcome<Options, Connection> | undefined>(undefined)
    /** What is to be released when its successor is shown. Always the same array. */
    const [replaced] = useState<Connection[]>([])

    useEffect(() => {
      const aborter = new AbortController()
      const { signal } = aborter
      let isOver = false
      let connection: Connection | undefined
      const load = async () => {
        try {
          const made = await connect(request.auth, request.options, signal, latest)
          if (isOver) return made.release()
          connection = made
          setOutcome({ request, connection })
        } catch (error) {
          if (!isOver) setOutcome({ request, error })
        }
      }
      // StrictMode mounts, unmounts and mounts in one go: the first of the two then asks for nothing.
      queueMicrotask(() => isOver || void load())
      return () => {
        isOver = true
        if (connection) replaced.push(connection)
        // Not later: it would end the editor's saves.
        else aborter.abort()
      }
    }, [request, latest, replaced])

    useEffect(() => {
      // The widgets' own effects ran before: the old one is gone.
      if (outcome?.request === request) release(replaced.splice(0))
    }, [outcome, request, replaced])

    useEffect(
      () => () => {
        const gone = replaced.splice(0)
        // For a component that is only hidden, and comes back with its state.
        setOutcome(undefined)
        // React cleans up a parent before its children: the widget is still there.
        queueMicrotask(() => release(gone))
      },
      [replaced],
    )

    return useMemo(() => stateOf(request, outcome), [request, outcome])
  }
}

function release(connections: Releasable[]): void {
  for (const connection of connections) connection.release()
}

function stateOf<Options, Connection extends Releasable>(
  request: LoadRequest<Options>,
  outcome: Outcome<Options, Connection> | undefined,
): Loading<Omit<Connection, 'release'>> {
  const isOver = outcome?.request === request
  if (isOver && !outcome.connection) {
    return { status: 'error', error: outcome.error, retry: request.retry } as Loading<Omit<Connection, 'release'>>
  }
  const { release: _, ...shown } = outcome?.connection ?? {}
  return { status: isOver ? 'ready' : 'loading', ...shown }
}
