import { createStore, promisifyRequest, type UseStore } from 'idb-keyval'
import type { KeyStorage } from './types.js'

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
    transact('readwrite', async records => {
      records.put(change(await promisifyRequest(records.get(id))), id)
      await promisifyRequest(records.transaction)
    }),
}

/**
 * A store that never fails: when the first one does, or there is none, memory serves, with what was last written.
 *
 * @param onFailure is told that memory has taken over
 * @param ending after which nothing is written
 */
export function withMemory(
  first: KeyStorage | undefined,
  memory: Map<string, unknown>,
  onFailure: () => void,
  ending: AbortSignal,
): KeyStorage {
  const attempt = async <T>(run: (storage: KeyStorage) => Promise<T>, inMemory: () => T): Promise<T> => {
    try {
      if (first) return await run(first)
    } catch {
      first = undefined
      onFailure()
    }
    return inMemory()
  }
  return {
    get: id =>
      attempt(
        storage => storage.get(id),
        () => memory.get(id),
      ),
    async update(id, change) {
      ending.throwIfAborted()
      const apply = (old: unknown) => {
        const changed = change(old)
        memory.set(id, changed)
        return changed
      }
      await attempt<void>(
        storage => storage.update(id, apply),
        () => void apply(memory.get(id)),
      )
    },
  }
}
