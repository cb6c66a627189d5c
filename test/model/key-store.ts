import type { KeyStorage } from '../../src/index.ts'
import type { Disk } from './disk.ts'
import type { Tab } from './tab.ts'

/**
 * A store of the host's own, as one tab has it, over the disk that all share.
 *
 * @param throwsAtOnce it is written without `async`, so that a fault is thrown and not rejected with
 */
export function openKeyStore(disk: Disk, tab: Tab, throwsAtOnce: boolean): KeyStorage {
  const transact = <T>(isWrite: boolean, run: () => T): Promise<T> => {
    if (throwsAtOnce && disk.mode === 'throws') throw new Error('The store has a fault')
    return new Promise((resolve, reject) => {
      const attempt = () => {
        try {
          resolve(run())
        } catch (error) {
          reject(error)
        }
      }
      disk.access(tab, isWrite, attempt, reject)
    })
  }
  return {
    get: id => transact(false, () => structuredClone(disk.records.get(id))),
    update(id, change) {
      disk.noteWriter(tab)
      disk.noteWrite(tab)
      return transact(true, () => {
        disk.records.set(id, structuredClone(change(structuredClone(disk.records.get(id)))))
      })
    },
  }
}
