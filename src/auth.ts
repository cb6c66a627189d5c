import { type Client, createClient, type Happening } from './client.js'
import { AuthError } from './errors.js'
import { callHost } from './host.js'
import { NUMBER_OPTIONS, readOptions, type Settings } from './options.js'
import { race } from './race.js'
import { sign, signedFetch } from './signed-fetch.js'
import type { Auth, AuthEvent, AuthOptions } from './types.js'

/** A lifecycle, whose options it follows, and everybody who uses it. */
interface Shared {
  identity: string
  settings: Settings
  client: Client
  users: Set<(event: Happening) => void>
}

/** All lifecycles of this page. */
const lifecycles = new Set<Shared>()
let unsharedCount = 0

/**
 * Makes an auth. It is inert: nothing runs until a key is wanted or somebody subscribes.
 * All that are made on a page for the same project, template and storage share one key and one request.
 *
 * @example
 * const auth = createAuth({ token: 'fusqadtm', templateId: 'SECU_…' })
 * const response = await auth.fetch('https://api.filerobot.com/fusqadtm/v4/files?folder=/')
 * @throws {AuthError} `invalid_options`, naming the option
 */
export function createAuth(options: AuthOptions): Auth {
  const settings = readOptions(options, globalThis.document?.baseURI ?? globalThis.location?.href)
  const { apiBase, token, templateId, keyUrl, cacheScope, requestKey, storage, fetch, onEvent } = settings
  const identity = JSON.stringify([apiBase, token, templateId, keyUrl, cacheScope])
  let shared = [...lifecycles].find(
    // Function objects that look alike may ask for different keys.
    ({ identity: other, settings: s }) =>
      other === identity && s.storage === storage && s.requestKey === requestKey && s.fetch === fetch,
  )
  if (!shared) {
    const users: Shared['users'] = new Set()
    const isShared = !requestKey || !!cacheScope
    const client = createClient(settings, isShared ? identity : `${++unsharedCount}`, isShared, event => {
      for (const user of [...users]) user(event)
    })
    lifecycles.add((shared = { identity, settings, client, users }))
  }
  const { client, users } = shared

  const emit = (event: Happening) => onEvent && callHost(onEvent, { ...event, atMs: Date.now() } as AuthEvent)
  users.add(emit)
  for (const option of NUMBER_OPTIONS) {
    if (shared.settings[option] !== settings[option]) emit({ type: 'option_ignored', option })
  }
  const disposal = new AbortController()
  const assertLive = () => disposal.signal.throwIfAborted()
  const subscriptions = new Set<() => void>()

  const getKey: Auth['getKey'] = async ({ minValidityMs = 0, forceRefresh = false, signal } = {}) => {
    assertLive()
    signal?.throwIfAborted()
    const ready = !forceRefresh && client.ready(minValidityMs)
    return ready || race(() => client.obtain(minValidityMs, forceRefresh), [disposal.signal, signal])
  }
  const dispose = () => {
    if (disposal.signal.aborted) return
    disposal.abort(new AuthError('disposed'))
    for (const unsubscribe of subscriptions) unsubscribe()
    users.delete(emit)
    if (users.size) return
    lifecycles.delete(shared)
    client.end()
  }
  const auth: Auth = {
    get state() {
      return client.state()
    },
    peek: () => (disposal.signal.aborted ? undefined : client.peek()),
    getKey,
    sign: async (input, init) => (await sign(settings, getKey, input, init, 'error'))[0],
    fetch: (input, init) => signedFetch(settings, getKey, client, emit, input, init),
    async invalidate(key) {
      assertLive()
      await client.invalidate(typeof key === 'string' ? key : key.value)
    },
    async clear() {
      assertLive()
      await client.clear()
    },
    subscribe(listener) {
      assertLive()
      // A function of its own: the same listener may subscribe twice.
      const unsubscribe = client.subscribe(state => callHost(listener, state))
      subscriptions.add(unsubscribe)
      return unsubscribe
    },
    dispose,
  }
  const { dispose: symbol } = Symbol as { dispose?: symbol }
  return symbol ? Object.assign(auth, { [symbol]: dispose }) : auth
}
