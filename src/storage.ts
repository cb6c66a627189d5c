import { createStore, promisifyRequest, type UseStore } from 'idb-keyval'
import { nowMs } from './clock.js'
import { race } from './race.js'
import type { KeyStorage } from './types.js'

/** How long a store may take before memory takes over. */
const DEADLINE_MS = 1000
/** How long memory serves after a failure and after it was last written to: the starts in it are over by then. */
const QUIET_MS = 60_000

let open: UseStore | undefined

const transact: UseStore = async (mode, run) =>
  (open ??= createStore('filerobot-widget-auth', 'records'))(mode, records => {
    const { db } = records.transaction
    // An open connection would block a host that deletes its databases, at signing out for example.
    db.onversionchange = () => {
      db.close()
      open = undefined
    }
    return run(records)
  })

/** The browser's database, one of this library's own. Rejects where it is absent or does not work. */
export const indexedDb: KeyStorage = {
  get: id => transact('readonly', records => promisifyRequest(records.get(id))),
  update: (id, change) =>
    transact('readwrite', records => {
      const reading = records.get(id)
      // No promise in between: while a dialog is open, Firefox ends a transaction before what waits for one goes on.
      reading.onsuccess = () => {
        try {
          records.put(change(reading.result), id)
        } catch {
          // What is thrown here would be an uncaught error of the page.
          records.transaction.abort()
        }
      }
      return promisifyRequest(records.transaction)
    }),
}

/** A {@link KeyStorage} that never fails, also not by what it holds: `read` makes of that what is wanted. */
export interface SafeStorage extends Pick<KeyStorage, 'update'> {
  get<T>(id: string, read: (stored: unknown) => T): Promise<T>
}

/**
 * A store that never fails: when the first one does, takes longer than a second, or there is none, memory serves, and
 * the first one is tried again later.
 *
 * @param memory is told what was written to the first one too, so that a page's requests stay counted
 * @param ending ends the waiting for a read. What is being written is written: a sign-out, when the page goes on.
 * @param onChange is told whether the first one works, when that has changed
 * @param onLate is given what a read brought after its time
 */
export function withMemory(
  first: KeyStorage | undefined,
  memory: Map<string, unknown>,
  ending: AbortSignal,
  onChange: (isWorking: boolean) => void,
  onLate: (id: string, value: unknown) => void,
): SafeStorage {
  let quietAtMs = 0
  const attempt = async <T>(
    run: (over: AbortSignal) => Promise<T>,
    instead: () => T,
    ending?: AbortSignal,
  ): Promise<T> => {
    const sinceMs = quietAtMs
    if (first && nowMs() >= sinceMs) {
      try {
        const result = await race(run, [ending], DEADLINE_MS)
        if (sinceMs) {
          quietAtMs = 0
          onChange(true)
        }
        return result
      } catch {
        // An opening that hangs is not waited for again.
        open = undefined
        quietAtMs = nowMs() + QUIET_MS
        onChange(false)
      }
    }
    return instead()
  }
  return {
    get: (id, read) =>
      attempt(
        over =>
          // What cannot be read is as good as a store that fails.
          first!.get(id).then(value => (over.aborted ? onLate(id, value) : read(value)) as never),
        () => read(memory.get(id)),
        ending,
      ),
    update: (id, change) =>
      attempt(
        async over => {
          let value: unknown
          // Memory has been changed instead when this comes late.
          await first!.update(id, old => (value = over.aborted ? old : change(old)))
          // A store that never asked for the change has kept nothing, and each request would be followed by another.
          if (!value) throw value
          if (!over.aborted) memory.set(id, value)
        },
        () => {
          if (first) quietAtMs = nowMs() + QUIET_MS
          memory.set(id, change(memory.get(id)))
        },
      ),
  }
}
