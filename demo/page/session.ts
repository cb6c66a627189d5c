import { effect, signal } from '@preact/signals'
import { type Auth, type AuthError, type AuthEvent, type AuthState, createAuth, isAuthError } from '../../src/index.ts'
import { type Connection, connectionForLink, type DemoConfig } from './connection.ts'
import { emulator, findEmulator } from './emulator-link.ts'
import { type LinkedState, writeQuery } from './link/read-link.ts'
import { followLog } from './log-following.ts'
import { clearTimeline, recordAuthEvent, recordLog } from './timeline.ts'
import { beginTrouble } from './trouble.ts'
import { lastKeyRequestMs, watchedFetch } from './watched-fetch.ts'

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

/**
 * Opens the page's one `auth` with other options. Options that it refuses leave everything as it was.
 *
 * @param linked the rest of a link's state, where this is what the page begins with
 */
export async function connect(next: Connection, linked?: LinkedState): Promise<void> {
  const mine = ++attempt
  const problem = refusal(next)
  optionsError.value = problem
  if (problem) return
  // Before the first key request, so that the emulator's log of this page begins with it.
  const found = await findEmulator(next.apiBase)
  await beginTrouble(found, linked)
  if (mine !== attempt) return

  disconnect()
  const opened = createAuth({ ...next, onEvent: take, fetch: watchedFetch })
  disconnect = opened.dispose
  if (linked?.['visitor'] === 'new') await opened.clear()
  if (mine !== attempt) return
  clearTimeline()
  emulator.value = found
  connection.value = next
  keySource.value = undefined
  // What a link asked for stays in the address, so that loading again begins anew; a choice made here replaces it.
  if (!linked) putInAddress(connectionForLink(next, config.value))
  auth.value = opened
  const unsubscribe = opened.subscribe(show)
  show(opened.state)
  disconnect = () => {
    unsubscribe()
    opened.dispose()
  }
}

/** Makes the address of the page a link to `state`. */
export function putInAddress(state: Record<string, string | undefined>): void {
  history.replaceState(history.state, '', location.pathname + writeQuery(state) + location.hash)
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

effect(() => {
  const link = emulator.value
  return link && followLog(link, link.logStart, recordLog)
})
