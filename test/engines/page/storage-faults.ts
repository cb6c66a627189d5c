import { call } from '../site.ts'

/** What goes wrong with the database before the library is loaded. */
export const storageFaults: [name: string, before: string][] = [
  ['is absent', call(() => Object.defineProperty(window, 'indexedDB', { value: undefined }))],
  [
    'throws at its name',
    call(() =>
      Object.defineProperty(window, 'indexedDB', {
        get: () => {
          throw new DOMException('sandboxed', 'SecurityError')
        },
      }),
    ),
  ],
  [
    'throws when it is opened',
    call(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('insecure', 'SecurityError')
      }
    }),
  ],
  [
    'never opens',
    call(() => {
      IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest
    }),
  ],
  [
    'never ends a transaction',
    call(() => {
      IDBObjectStore.prototype.get = () => new EventTarget() as IDBRequest
    }),
  ],
  [
    'is full',
    call(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    }),
  ],
]

/** Runs in a page: its database cannot be opened until it is mended. */
export function breakDatabase(): void {
  const { open } = IDBFactory.prototype
  IDBFactory.prototype.open = () => {
    throw new DOMException('broken', 'UnknownError')
  }
  window.mendDatabase = () => {
    IDBFactory.prototype.open = open
  }
}
