/** Runs in a page: puts `record` in the place of everything that the library has stored. */
export function replaceRecords(record: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('filerobot-widget-auth')
    opening.onsuccess = () => {
      const database = opening.result
      const transaction = database.transaction('records', 'readwrite')
      transaction.objectStore('records').openCursor().onsuccess = event => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result
        cursor?.update(record)
        cursor?.continue()
      }
      transaction.onabort = () => reject(new Error('The records were not replaced'))
      transaction.oncomplete = () => {
        database.close()
        resolve()
      }
    }
  })
}

/** Runs in a page: stores something of another's among the library's records. */
export function addRecord(name: string): Promise<void> {
  return new Promise(resolve => {
    const opening = indexedDB.open('filerobot-widget-auth')
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('records', 'readwrite')
      transaction.objectStore('records').put({ key: 'of another shape' }, name)
      transaction.oncomplete = () => {
        opening.result.close()
        resolve()
      }
    }
  })
}

/** Runs in a page: the names of the library's records, or what they hold. */
export function readRecords(method: 'getAllKeys' | 'getAll'): Promise<unknown[]> {
  return new Promise(resolve => {
    const opening = indexedDB.open('filerobot-widget-auth')
    opening.onsuccess = () => {
      const reading = opening.result.transaction('records').objectStore('records')[method]()
      reading.onsuccess = () => {
        opening.result.close()
        resolve(reading.result)
      }
    }
  })
}
