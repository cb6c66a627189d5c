import { nowMs } from './clock.js'
import { type KeyRecord, readKeyRecord } from './key-record.js'
import type { KeyStorage } from './types.js'

/** The key record of one identity in its store. */
export interface KeyRecordStore {
  read(): Promise<KeyRecord>
  /** Changes the record in one atomic step: what `change` returns is put over it. */
  write(change: (record: KeyRecord) => Partial<KeyRecord> | undefined): Promise<void>
}

/** @param ending after which nothing is written */
export const openKeyRecord = (storage: KeyStorage, id: string, ending: AbortSignal): KeyRecordStore => ({
  read: async () => readKeyRecord(await storage.get(id), nowMs()),
  async write(change) {
    ending.throwIfAborted()
    await storage.update(id, old => {
      const record = readKeyRecord(old, nowMs())
      return { ...record, ...change(record) }
    })
  },
})
