import { createHints } from './channel.js'
import { aheadMs, nowMs } from './clock.js'
import { type KeyRecord, readKeyRecord } from './key-record.js'
import type { Settings } from './options.js'
import { indexedDb, type SafeStorage, withMemory } from './storage.js'
import type { KeyStorage, StorageKind } from './types.js'

/** Where an identity's key record is kept, and the page's limits with it. */
export interface KeyRecordStore {
  read(): Promise<KeyRecord>
  /** Changes the record in one atomic step: what `change` returns is put over it. */
  write(change: (record: KeyRecord) => Partial<KeyRecord> | false | undefined): Promise<void>
  /** Forgets the key: nothing that was stored or begun before counts any more, in whichever tab. */
  clear(): Promise<void>
  /** Where records are at the moment. */
  kind(): StorageKind
  /** Never fails: memory serves where it must. */
  storage: SafeStorage
}

/** Without storage the limit of five a minute is the page's. */
const pageMemory = new Map<string, unknown>()

/** Moments in storage are this machine's clock's, which tabs share; in memory they are this page's. */
function shift(record: KeyRecord, byMs: number): KeyRecord {
  record.startedAtMs += byMs
  record.expiresAtMs += byMs
  return record
}

/**
 * @param ending after which nothing is written
 * @param onHint another tab has changed the record
 * @param onLate is given a record that was read too slowly to be waited for
 */
export function openKeyRecord(
  { storage: chosen, templateId, requestKey, cacheScope }: Settings,
  id: string,
  ending: AbortSignal,
  onHint: () => unknown,
  onLate: (record: KeyRecord) => void,
): KeyRecordStore {
  // Keys of a function of the caller's are nobody else's, unless he says whose they are.
  const isShared = !requestKey || cacheScope !== undefined
  const wanted = !isShared ? 'memory' : typeof chosen === 'object' ? 'custom' : chosen
  let kind: StorageKind = wanted
  const hear = createHints(id, ending, onHint)
  /** The highest generation seen. A record of a lower one was cleared where that could not be written down: it is empty. */
  let generation = 0
  const toRecord = (stored: unknown) => {
    const record = shift(readKeyRecord(stored, nowMs() - aheadMs, templateId), aheadMs)
    if (record.generation < generation) Object.assign(record, { key: '', generation, expiresAtMs: 0 })
    generation = record.generation
    return record
  }
  const storage = withMemory(
    wanted === 'indexeddb' ? indexedDb : wanted === 'custom' ? (chosen as KeyStorage) : undefined,
    isShared ? pageMemory : new Map(),
    ending,
    isWorking => (kind = isWorking ? wanted : 'memory'),
    (late, value) => late === id && onLate(toRecord(value)),
  )
  const write: KeyRecordStore['write'] = async change => {
    ending.throwIfAborted()
    await storage.update(id, old => {
      const record = toRecord(old)
      return shift({ ...record, ...change(record) }, -aheadMs)
    })
    if (wanted !== 'memory') hear(true)
  }
  return {
    storage,
    kind: () => kind,
    write,
    async read() {
      const record = await storage.get(id, toRecord)
      if (wanted !== 'memory') hear()
      return record
    },
    clear() {
      // At once, for what is read or comes in before it is written; and by more than other tabs may have cleared since.
      generation += 1000
      return write(() => ({ key: '', generation: ++generation }))
    },
  }
}
