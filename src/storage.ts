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

/** Memory: a store that forgets with its page. */
export function memoryStorage(): KeyStorage {
  const records = new Map<string, unknown>()
  return {
    get: async id => records.get(id),
    update: async (id, change) => void records.set(id, change(records.get(id))),
  }
}

/**
 * A store that never fails: when the first one does, or there is none, memory serves.
 *
 * @param onFailure is told that memory has taken over
 */
export function withMemory(first: KeyStorage | undefined, memory: KeyStorage, onFailure: () => void): KeyStorage {
  const attempt = async <T>(run: (storage: KeyStorage) => Promise<T>): Promise<T> => {
    try {
      if (first) return await run(first)
    } catch {
      first = undefined
      onFailure()
    }
    return run(memory)
  }
  return {
    get: id => attempt(storage => storage.get(id)),
    update: (id, change) => attempt(storage => storage.update(id, change)),
  }
}
