import { type Client, createClient } from './client.js'
import { nowMs } from './clock.js'
import type { ConnectableAuth } from './connectable.js'
import { AuthError } from './errors.js'
import { callHost, type Happening } from './host.js'
import { NUMBER_OPTIONS, readOptions, type Settings } from './options.js'
import { race } from './race.js'
import { sign, signedFetch } from './signed-fetch.js'
import type { AccessKey, Auth, AuthOptions, GetKeyOptions } from './types.js'

/** A lifecycle, whose options it follows, and everybody who uses it. */
type Shared = [client: Client, settings: Settings, users: Set<(event: Happening) => void>]

/** All lifecycles of this page. */
const lifecycles = new Set<Shared>()

/**
 * Makes an auth. It is inert: nothing runs until a key is wanted or somebody subscribes.
 * All that are made on a page for the same project, template and storage share one key and one request.
 *
 * @example
 * ```ts
 * const auth = createAuth({ token: 'fusqadtm', templateId: 'SECU_…' })
 * const response = await auth.fetch('https://api.filerobot.com/fusqadtm/v4/files?folder=/')
 * ```
 * @throws {AuthError} `invalid_options`, naming the option
 */
export function createAuth(options: AuthOptions): Auth {
  const settings = readOptions(options, globalThis.document?.baseURI)
  const { token, apiBase, onEvent } = settings
  let shared = [...lifecycles].find(([, other]) =>
    // Function objects that look alike may ask for different keys.
    (['identity', 'storage', 'fetch', 'requestKey'] as const).every(name => other[name] === settings[name]),
  )
  if (!shared) {
    const users: Shared[2] = new Set()
    shared = [createClient(settings, event => users.forEach(user => user(event))), settings, users]
    lifecycles.add(shared)
  }
  const [client, first, users] = shared

  const emit = (event: Happening) => onEvent && callHost(onEvent, { ...event, atMs: nowMs() })
  users.add(emit)
  for (const option of NUMBER_OPTIONS) {
    if (first[option] !== settings[option]) emit({ type: 'option_ignored', option })
  }
  const disposal = new AbortController()
  const { signal: disposed } = disposal
  /** Set by `dispose`: a signal is the browser's own and slow to ask, and `getKey` would take twice as long. */
  let ended: AuthError | undefined
  const live =
    <A extends unknown[], R>(method: (...args: A) => R | Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (ended) throw ended
      return method(...args)
    }
  const getKey = live(
    ({ minValidityMs = 0, maxWaitMs = settings.maxWaitMs, forceRefresh = false, signal }: GetKeyOptions = {}) => {
      signal?.throwIfAborted()
      return (
        (!forceRefresh && client.ready(minValidityMs)) ||
        race(over => client.obtain(minValidityMs, maxWaitMs, forceRefresh, over), [disposed, signal])
      )
    },
  )
  // Twice does no more than once.
  const dispose = () => {
    disposal.abort((ended ??= new AuthError('disposed')))
    users.delete(emit)
    if (users.size) return
    lifecycles.delete(shared)
    client.end()
  }
  const auth: ConnectableAuth = {
    project: { token, apiBase },
    get state() {
      return client.state()
    },
    peek: () => (ended ? undefined : client.peek()),
    getKey,
    sign: async (input, init) => (await sign(settings, getKey, input, init, 'error'))[0],
    fetch: (input, init) => signedFetch(settings, getKey, client, emit, input, init),
    invalidate: live(key => client.invalidate((key as AccessKey).value ?? key)),
    clear: live(client.clear),
    emit,
    subscribe(listener, isLease) {
      if (ended) throw ended
      // A function of its own: the same listener may subscribe twice.
      const unsubscribe = client.subscribe(state => callHost(listener, state), isLease)
      disposed.addEventListener('abort', unsubscribe)
      return unsubscribe
    },
    dispose,
    // Where there is no `Symbol.dispose` it is the same property again.
    [(Symbol as { dispose?: symbol }).dispose ?? 'dispose']: dispose,
  }
  return auth
}
