import { effect, signal } from '@preact/signals'
import { type Auth, type AuthEvent, type AuthState, createAuth } from '../../src/index.ts'
import type { Connection } from '../page/connection.ts'
import { eventWords } from '../page/event-words.ts'
import { errorWords, type KeyAction, keyCalls } from '../page/key-calls.ts'
import { followFingerprint } from '../page/key-fingerprint.ts'
import { joinRoll, type Order } from './roll-call.ts'

const EVENTS_KEPT = 30

/** A line of what happened in this tab. */
export interface TabEvent {
  id: number
  atMs: number
  what: string
  tone: 'plain' | 'good' | 'warning' | 'bad'
}

export const tabState = signal<AuthState>({ status: 'idle', storage: 'indexeddb' })
export const tabFingerprint = followFingerprint(tabState)
/** Newest first. */
export const tabEvents = signal<readonly TabEvent[]>([])
/** Where the present key came from. */
export const tabSource = signal('')
/** What the last button did. */
export const tabOutcome = signal<{ words: string; isBad: boolean } | undefined>()
/** Why there is no `auth`. */
export const tabProblem = signal('')

let auth: Auth | undefined
let lastId = 0

/** This tab's own `auth`, in a realm of its own: it shares with other tabs what a browser lets tabs share, and no more. */
export function openTab(name: string, connection: Connection): void {
  try {
    auth = createAuth({ ...connection, onEvent: take })
  } catch (error) {
    tabProblem.value = errorWords(error)
    return
  }
  const show = (state: AuthState) => {
    tabState.value = state
  }
  auth.subscribe(show)
  show(auth.state)

  const id = `${name}-${Math.random().toString(36).slice(2)}`
  const report = () => ({
    id,
    name,
    status: tabState.value.status,
    fingerprint: tabFingerprint.value,
  })
  const roll = joinRoll(id, order => obey(order, () => roll.report(report())))
  effect(() => roll.report(report()))
}

export async function perform(action: KeyAction): Promise<void> {
  if (!auth) return
  tabOutcome.value = { words: `${action.label} …`, isBad: false }
  try {
    tabOutcome.value = { words: await action.run(auth), isBad: false }
  } catch (error) {
    tabOutcome.value = { words: errorWords(error), isBad: true }
  }
}

function obey(order: Order, report: () => void): void {
  if (order === 'report') report()
  else void perform(order === 'get-key' ? keyCalls.getKey : keyCalls.signOut)
}

function take(event: AuthEvent): void {
  if (event.type === 'key') {
    tabSource.value = 'This tab’s request'
    record(event.atMs, 'This tab asked, and got a key', 'good')
    return
  }
  if (event.type === 'cache_hit') tabSource.value = 'IndexedDB, no request'
  const { what, detail, tone = 'plain' } = eventWords(event)
  record(event.atMs, detail ? `${what} (${detail})` : what, tone)
}

function record(atMs: number, what: string, tone: TabEvent['tone']): void {
  tabEvents.value = [{ id: ++lastId, atMs, what, tone }, ...tabEvents.value].slice(0, EVENTS_KEPT)
}
