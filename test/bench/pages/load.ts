// What a page does until it has a key: from the moment at which its scripts have run.
import { loadPeer, type PeerId } from '../peers/index.ts'
import { type Api, keyUrl } from '../peers/peer.ts'

declare global {
  interface Window {
    load: typeof load
  }
}

/** Where a peer keeps its key: a record with such a property in a database. */
export interface Place {
  database: string
  store: string
  property: string
}

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('The database failed.')))
  })

async function openStore({ database, store }: Place) {
  const db = await settled(indexedDB.open(database))
  return db.transaction(store).objectStore(store)
}

async function timeOf(task: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now()
  if (!(await task())) throw new Error('There was no key.')
  return performance.now() - startedAtMs
}

const load = {
  /** The identifier of the record that holds the key. */
  async recordId(place: Place): Promise<string> {
    const store = await openStore(place)
    const [ids, records] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())])
    const index = records.findIndex((record: Record<string, unknown>) => Boolean(record[place.property]))
    if (index < 0) throw new Error(`No record of ${place.database} has a key.`)
    return String(ids[index])
  },
  /** How long each takes, in this order, in milliseconds: the peer, and a bare read of its record. */
  async stored(api: Api, id: PeerId, place: Place, recordId: string, order: ('peer' | 'bare')[]) {
    const peer = await loadPeer[id]()
    const tasks = {
      peer: async () => (await peer.start(api)).getKey(),
      bare: async () => settled((await openStore(place)).get(recordId)),
    }
    const times: number[] = []
    for (const name of order) times.push(await timeOf(tasks[name]))
    return times
  },
  /** How long a peer takes to its first key, or a bare `fetch` of it, in milliseconds. */
  async first(api: Api, id: PeerId | 'bare'): Promise<number> {
    if (id === 'bare') {
      return timeOf(async () => ((await (await fetch(keyUrl(api))).json()) as { key: string }).key)
    }
    const peer = await loadPeer[id]()
    return timeOf(async () => (await peer.start(api)).getKey())
  },
}
window.load = load
