import type { ApiAnswer } from './api.ts'
import type { Damage } from './damage.ts'
import type { DiskMode } from './disk.ts'
import type { KeyAnswer, KeyForm, LimitForm } from './key-answer.ts'
import type { LockKind } from './locks.ts'

/** What a schedule begins with, and what does not change in it. */
export interface Setup {
  /** Of everything random that is not in the schedule: delays, the library's own `Math.random`. */
  seed: number
  storage: 'indexeddb' | 'custom' | 'memory'
  /** Of a store of the host's own, see `key-store.ts`. */
  throwsAtOnce: boolean
  locks: LockKind
  hasChannel: boolean
  /** Where keys come from; `scopedRequestKey` has a `cacheScope`, so that its keys are stored. */
  source: 'template' | 'keyUrl' | 'requestKey' | 'scopedRequestKey'
  /** By how much the machine's clock is ahead of the service's. */
  clockAheadMs: number
  standsInSleep: boolean
  lifetimeSeconds: number
  keyForm: KeyForm
  defaultLifetimeSeconds: number
  /** How the service enforces its five a minute, if it does. */
  limit: LimitForm
  refusalStatus: 200 | 400 | 401 | 403
  /** The longest way to the service, and back. */
  latencyMs: number
  timeoutMs: number
  maxWaitMs: number
  maxPerMinute: number
  listenersThrow: boolean
  tabs: { isVisible: boolean; isSubscribed: boolean }[]
}

/** `tab` and `session` are counted round, so that any number means one that is there. */
interface InTab {
  tab: number
  session: number
}

interface Asking extends InTab {
  /** When this caller gives up: 0 is before it has asked. */
  abortAfterMs: number | undefined
}

export type Action =
  | { do: 'open'; isVisible: boolean; isSubscribed: boolean }
  | { do: 'close'; tab: number; how: 'closed' | 'crashed' | 'reloaded' }
  | { do: 'freeze'; tab: number; how: 'bfcache' | 'background'; forMs: number }
  | { do: 'show'; tab: number; isVisible: boolean }
  | { do: 'create'; tab: number; isOther: boolean }
  | ({ do: 'subscribe' } & InTab)
  | ({ do: 'unsubscribe' } & InTab)
  | ({ do: 'dispose' } & InTab)
  | ({ do: 'getKey'; minValidityMs: number; maxWaitMs: number | undefined; forceRefresh: boolean } & Asking)
  | ({ do: 'fetch'; method: 'GET' | 'POST' } & Asking)
  | ({ do: 'sign' } & Asking)
  /** All tabs ask at once, each so many times. */
  | { do: 'crowd'; count: number }
  | ({ do: 'invalidate'; what: 'current' | 'earlier' | 'junk' } & InTab)
  | ({ do: 'clear' } & InTab)
  /** What the service makes of the next `times` key requests. */
  | { do: 'answerKeys'; answer: KeyAnswer; times: number }
  | { do: 'answerApi'; answer: ApiAnswer; times: number }
  /** The service refuses all keys that it gave so far. */
  | { do: 'revoke' }
  | { do: 'lifetime'; seconds: number }
  | { do: 'disk'; mode: DiskMode }
  | { do: 'damage'; damage: Damage }
  | { do: 'setClock'; byMs: number }
  | { do: 'sleep'; forMs: number }
  | { do: 'onLine'; isOnLine: boolean }
  | { do: 'noise' }

/** An action, and how much time passes before it. */
export type Step = Action & { afterMs: number }

export interface Schedule {
  setup: Setup
  steps: Step[]
}

/** A schedule as it is read by who has to find out what went wrong. */
export function describeSchedule({ setup, steps }: Schedule): string {
  const { tabs, ...rest } = setup
  const lines = steps.map(({ afterMs, do: action, ...details }) => `+${seconds(afterMs)}  ${action} ${words(details)}`)
  return [
    words(rest),
    ...tabs.map((tab, number) => `tab ${number} is open: ${words(tab)}`),
    ...lines.map((line, number) => `${String(number + 1).padStart(2)}. ${line}`),
  ].join('\n')
}

const words = (details: object) =>
  Object.entries(details)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ')

/** `1.25 s` */
export const seconds = (ms: number) => `${(ms / 1000).toFixed(3).padStart(8)} s`
