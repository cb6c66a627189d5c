import { type Signal, signal } from '@preact/signals'
import { type AuthError, type AuthErrorCode, type AuthEvent, type AuthState, isAuthError } from '../../src/index.ts'
import { type Connection, readDemoConfig } from '../page/connection.ts'
import { type EmulatorLink, findEmulator, type LogEntry, makeWell } from '../page/emulator-link.ts'
import { followLog } from '../page/log-following.ts'
import { createStage, type Stage } from './stage.ts'
import type { Way } from './way.ts'

/** An error that was produced, and what became of it. */
export interface Exhibit {
  readonly way: Way
  readonly phase: Signal<'producing' | 'there' | 'mended' | 'over'>
  /** The one that was thrown, or a later one where the library has tried again. */
  readonly error: Signal<AuthError | undefined>
  /** What went wrong with the page itself. */
  readonly fault: Signal<string>
  readonly nextTryMs: Signal<number | undefined>
  /** What was done to mend it, and what came of that. */
  readonly outcome: Signal<string>
  /** What was asked of the API, oldest first. */
  readonly asked: Signal<readonly LogEntry[]>
  tryNow(): void
  mend(): Promise<void>
}

/** The emulator of this demo; errors are produced there alone. Unknown until it was looked for. */
export const gallery = signal<{ link: EmulatorLink; connection: Connection } | 'absent' | undefined>()
/** The last one of each kind. */
export const exhibits = signal<Readonly<Partial<Record<AuthErrorCode, Exhibit>>>>({})
/** Which way is chosen for each kind, by its place in the catalogue. */
export const chosenWays = signal<Readonly<Partial<Record<AuthErrorCode, string>>>>({})

/** Often: what an error has cost is to be there with the error. */
const LOG_POLL_MS = 150

let turn: Promise<void> = Promise.resolve()
let endPresent = () => {}

export async function openGallery(): Promise<void> {
  const connection = await readDemoConfig()
  const link = connection && (await findEmulator(connection.apiBase))
  if (link) await makeWell(link)
  gallery.value = link && connection ? { link, connection } : 'absent'
}

/**
 * Produces an error by a real fault, after what was produced before: the emulator can be broken in one way at a time,
 * so that the exhibit before this one comes to its end.
 */
export function produce(code: AuthErrorCode, way: Way): Promise<void> {
  turn = turn.then(() => exhibit(code, way))
  return turn
}

async function exhibit(code: AuthErrorCode, way: Way): Promise<void> {
  const open = gallery.value
  if (typeof open !== 'object') return
  endPresent()
  const { link, connection } = open
  await makeWell(link)

  const phase = signal<'producing' | 'there' | 'mended' | 'over'>('producing')
  const error = signal<AuthError | undefined>()
  const fault = signal('')
  const nextTryMs = signal<number | undefined>()
  const outcome = signal('')
  const asked = signal<readonly LogEntry[]>([])

  const show = ({ status, retryAtMs }: AuthState) => {
    nextTryMs.value = retryAtMs
    if (status !== 'ready') return
    phase.value = 'mended'
    outcome.value = 'There is a key: the site works again, and nobody had to load the page anew.'
  }
  const take = (event: AuthEvent) => {
    if (event.type === 'failure' && phase.value === 'there') error.value = event.error
  }
  const stage: Stage = createStage(link, connection, take)
  const record = (entries: LogEntry[]) => {
    const ours = entries.filter(({ path, kind }) => kind !== 'preflight' && stage.isAsked(path))
    if (ours.length > 0) asked.value = [...asked.value, ...ours]
  }
  const stopFollowing = followLog(link, link.logStart, record, LOG_POLL_MS)
  const attempt = async (run: () => Promise<unknown>) => {
    try {
      await run()
    } catch (reason) {
      if (isAuthError(reason)) error.value = reason
      else fault.value = `This page could not do it. ${reason instanceof Error ? reason.message : ''}`
    }
  }
  endPresent = () => {
    stopFollowing()
    stage.end()
    nextTryMs.value = undefined
    if (phase.value === 'there') phase.value = 'over'
    endPresent = () => {}
  }
  exhibits.value = {
    ...exhibits.value,
    [code]: {
      way,
      phase,
      error,
      fault,
      nextTryMs,
      outcome,
      asked,
      tryNow: () => void stage.auth?.getKey({ forceRefresh: true }).catch(() => {}),
      mend: () =>
        attempt(async () => {
          const words = await way.mend?.run(stage)
          if (words) phase.value = 'mended'
          outcome.value = words ?? 'Done. The library finds out at its next try; “Try now” asks at once.'
        }),
    } satisfies Exhibit,
  }

  await attempt(() => way.produce(stage))
  if (!error.value && !fault.value) fault.value = 'No error came, although one should have.'
  phase.value = 'there'
  // As on a site that is being looked at: the library goes on trying.
  if (way.retries && error.value) {
    nextTryMs.value = error.value.retryAtMs
    stage.auth?.subscribe(show)
  }
}

// Whoever comes next wants an API that is well.
addEventListener('pagehide', () => {
  if (typeof gallery.value !== 'object') return
  endPresent()
  void fetch(`${gallery.value.link.origin}/_emulator/faults`, { method: 'DELETE', keepalive: true }).catch(() => {})
})
