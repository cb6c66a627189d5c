import { effect, signal } from '@preact/signals'
import { type Auth, type AuthError, type AuthEvent, type AuthState, createAuth, isAuthError } from '../../src/index.ts'
import { type Connection, type DemoConfig, linkTo } from './connection.ts'
import { emulator, findEmulator, makeWell, readLog } from './emulator-link.ts'
import { clearTimeline, recordAuthEvent, recordLog } from './timeline.ts'
import { lastKeyRequestMs, watchedFetch } from './watched-fetch.ts'

const LOG_POLL_MS = 700

/** Where the present key came from. */
export interface KeySource {
  from: 'memory' | 'storage' | 'network'
  durationMs?: number | undefined
}

export const config = signal<DemoConfig | undefined>()
/** The connection in use; what is being typed is the form's. */
export const connection = signal<Connection | undefined>()
export const auth = signal<Auth | undefined>()
export const authState = signal<AuthState>({ status: 'idle', storage: 'indexeddb' })
export const keySource = signal<KeySource | undefined>()
/** Why there is no key, from the first failure until there is one: also while the next try is waited for or under way. */
export const failing = signal<AuthError | undefined>()
/** The wait for the next try, while there is one: in the states `error` and `loading` alike. */
export const nextTry = signal<{ fromMs: number; atMs: number } | undefined>()
/** Why the last set of options was not taken. */
export const optionsError = signal<AuthError | undefined>()

let disconnect = () => {}
let attempt = 0

/** Opens the page's one `auth` with other options. Options that it refuses leave everything as it was. */
export async function connect(next: Connection): Promise<void> {
  const mine = ++attempt
  const problem = refusal(next)
  optionsError.value = problem
  if (problem) return
  // Before the first key request, so that the emulator's log of this page begins with it.
  const found = await findEmulator(next.apiBase)
  // A visit begins with an API in good health, whatever an earlier one left behind.
  if (found) await makeWell(found)
  if (mine !== attempt) return

  disconnect()
  clearTimeline()
  emulator.value = found
  connection.value = next
  keySource.value = undefined
  linkTo(next, config.value)
  const opened = createAuth({ ...next, onEvent: take, fetch: watchedFetch })
  auth.value = opened
  const unsubscribe = opened.subscribe(show)
  show(opened.state)
  disconnect = () => {
    unsubscribe()
    opened.dispose()
  }
}

/** What `createAuth` has against these options; it is inert until a key is wanted. */
function refusal(options: Connection): AuthError | undefined {
  try {
    createAuth(options).dispose()
    return undefined
  } catch (error) {
    if (isAuthError(error)) return error
    throw error
  }
}

function show(state: AuthState): void {
  if (!state.key) keySource.value = undefined
  // Without an event of its own: another instance on this page has it already.
  else if (state.key !== authState.value.key) keySource.value ??= { from: 'memory' }
  if (state.status === 'ready' || state.status === 'idle') failing.value = undefined
  const { retryAtMs } = state
  if (retryAtMs !== nextTry.value?.atMs) nextTry.value = retryAtMs ? { fromMs: Date.now(), atMs: retryAtMs } : undefined
  authState.value = state
}

function take(event: AuthEvent): void {
  if (event.type === 'cache_hit') keySource.value = { from: 'storage' }
  if (event.type === 'key') keySource.value = { from: 'network', durationMs: lastKeyRequestMs() }
  // A renewal that failed while the old key is good disturbs nobody.
  if (event.type === 'failure' && authState.value.status !== 'ready') failing.value = event.error
  recordAuthEvent(event)
}

// Follows the emulator's log, for as long as the API is one and somebody looks.
effect(() => {
  const link = emulator.value
  if (!link) return undefined
  let after = link.logStart
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  const poll = async () => {
    if (!document.hidden) {
      try {
        const entries = await readLog(link, after)
        if (ended) return
        after = entries.at(-1)?.id ?? after
        recordLog(entries)
      } catch {
        // Stopped, or started anew: the next look will tell.
      }
    }
    if (!ended) timer = setTimeout(() => void poll(), LOG_POLL_MS)
  }
  void poll()
  return () => {
    ended = true
    clearTimeout(timer)
  }
})
