import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, vi } from 'vitest'
import { type Faults, SEED } from '../../../demo/emulator/index.ts'
import type { Auth, AuthError, AuthEvent, AuthOptions, AuthState } from '../../../src/index.ts'
import { startForTest } from '../fixture.ts'

/** A moment that is a whole minute, so that the emulator's fixed window is as long as the sliding one. */
const START_MS = Date.UTC(2025, 0, 15, 12)
/** How many turns of the event loop nothing has to happen in: a few for each step between storage and the network. */
const QUIET_TURNS = 25
const STEP_MS = 4000

/** What a page may read of an answer from another origin, whatever is exposed. */
const ALWAYS_READABLE = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'pragma']

const endings: (() => void)[] = []

afterEach(() => {
  for (const end of endings.splice(0)) end()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  globalThis.indexedDB = new IDBFactory()
})

const turn = () => new Promise(resolve => setImmediate(resolve))

/** Node may read every header; a page only those that the service exposes. */
function asPageSeesIt(response: Response, body: BodyInit | null): Response {
  const exposed = (response.headers.get('Access-Control-Expose-Headers') ?? '').toLowerCase().split(/,\s*/)
  const headers = [...response.headers].filter(([name]) => ALWAYS_READABLE.includes(name) || exposed.includes(name))
  return new Response(body, { status: response.status, headers })
}

/** How the service behaves where its documentation is silent. */
export interface Ways {
  faults?: Partial<Faults>
  /** How far the service's clock is ahead of the visitor's, in milliseconds. */
  clockOffsetMs?: number
}

/**
 * A visit to a page with the real library, an emulator on real HTTP, and one time for both that only a test moves: no
 * test waits for a real second. Requests are as real as their answers' headers are a page's.
 */
export async function startVisit({ faults = {}, clockOffsetMs = 0 }: Ways, options: Partial<AuthOptions> = {}) {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'], now: START_MS })
  const { origin, emulator, requestKey } = await startForTest({ nowMs: () => Date.now() })
  emulator.setFaults(faults)
  emulator.setClock({ offsetMs: clockOffsetMs })

  const traffic = { sent: 0, underWay: 0 }
  const realFetch = globalThis.fetch
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    traffic.sent += 1
    traffic.underWay += 1
    try {
      const response = await realFetch(input, init)
      // A body that never ends is the reader's to give up; all others come whole, so that nothing is under way unseen.
      const isBroken = response.headers.get('Transfer-Encoding') === 'chunked'
      return asPageSeesIt(response, isBroken ? response.body : await response.arrayBuffer())
    } finally {
      traffic.underWay -= 1
    }
  })

  /** Waits, by turns of the event loop and not by time, until nothing is under way any more. */
  const settle = async () => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await turn()
      if (traffic.underWay > 0) quiet = 0
    }
  }
  /** Waits for something that happens without time passing: Vitest's own polling moves a faked clock. */
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await turn()
  }
  /** Lets time pass while requests are under way. */
  const hurry = async (durationMs: number) => void (await vi.advanceTimersByTimeAsync(durationMs))
  /** Lets time pass, in steps far below any deadline of a request, which is answered before the next. */
  const pass = async (durationMs: number) => {
    for (let leftMs = durationMs; leftMs > 0; leftMs -= STEP_MS) {
      await hurry(Math.min(leftMs, STEP_MS))
      await settle()
    }
  }

  // A copy of the library for each visit: nothing in memory but what this visit put there.
  vi.resetModules()
  const { createAuth }: typeof import('../../../src/index.ts') = await import('../../../src/index.ts')
  const { token, templateId } = SEED
  const events: AuthEvent[] = []
  const auth: Auth = createAuth({
    ...{ token, templateId, apiBase: origin, storage: 'memory', maxWaitMs: 0 },
    onEvent: event => events.push(event),
    ...options,
  })
  endings.push(auth.dispose)

  const listUrl = `${origin}/${token}/v4/files?folder=/inbox`
  return {
    auth,
    emulator,
    events,
    traffic,
    listUrl,
    settle,
    until,
    pass,
    hurry,
    /** Lets so much time pass that it is this moment. */
    passUntil: (atMs: number | undefined) => pass(Math.max(0, (atMs ?? Number.NaN) - Date.now())),
    list: () => auth.fetch(listUrl),
    /** A colleague behind the same address asks for keys of his own. */
    othersAsk: async (count: number) => {
      for (let i = 0; i < count; i++) await requestKey()
    },
    /** The service ends all keys, and the page is told so. */
    endKey: async () => {
      const key = auth.peek()
      emulator.expireKeys()
      if (key) await auth.invalidate(key)
    },
    states(): AuthState[] {
      const seen: AuthState[] = []
      endings.push(auth.subscribe(state => seen.push(state)))
      return seen
    },
  }
}

export type Visit = Awaited<ReturnType<typeof startVisit>>

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<AuthError> {
  const nothing = {}
  const reason: unknown = await promise.then(
    () => nothing,
    (error: unknown) => error,
  )
  if (reason === nothing) throw new Error('It was expected to be rejected')
  return reason as AuthError
}
