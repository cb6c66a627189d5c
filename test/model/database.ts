import type { Disk } from './disk.ts'
import type { Tab } from './tab.ts'

type Handler = ((event: object) => void) | null | undefined

interface Request {
  result?: unknown
  error?: DOMException
  onsuccess?: Handler
  onerror?: Handler
  onupgradeneeded?: Handler
  run?: () => unknown
}

/**
 * IndexedDB, as far as this library and idb-keyval use it: one database with one store. Its transactions are isolated,
 * are done when a task leaves them without a request, and stand still with their tab, as a browser's do. In virtual
 * time, which `fake-indexeddb` does not know.
 */
export class Database {
  readonly disk: Disk
  readonly connections = new Set<Connection>()
  readonly transactions: Transaction[] = []
  #exists = false
  /** What waits until the database is deleted. */
  #deletion: (() => void)[] | undefined

  constructor(disk: Disk) {
    this.disk = disk
  }

  /** `indexedDB`, as one tab has it. */
  of(tab: Tab): { open(name: string): Request } {
    return {
      open: () => {
        const request: Request = {}
        const open = () => {
          if (this.#deletion) return void this.#deletion.push(() => tab.later(1, open))
          const connection = new Connection(this, tab)
          this.connections.add(connection)
          request.result = connection
          if (!this.#exists) request.onupgradeneeded?.({ target: request })
          this.#exists = true
          request.onsuccess?.({ target: request })
        }
        this.disk.access(tab, false, open, error => {
          request.error = error
          request.onerror?.({ target: request })
        })
        return request
      },
    }
  }

  /** Whether somebody's open connection keeps the database from being deleted. */
  get isDeletionBlocked(): boolean {
    return this.#deletion !== undefined
  }

  /** The host deletes all databases of its origin, as at signing out. */
  delete(): void {
    this.#deletion ??= []
    for (const { tab } of this.connections) if (tab.isFrozen) this.closeAllOf(tab)
    for (const connection of this.connections) connection.tab.later(1, () => connection.onversionchange?.({}))
    this.onClosed()
  }

  /** The browser closes all connections, as Safari does at times. */
  closeByForce(): void {
    for (const connection of this.connections) {
      this.closeAllOf(connection.tab)
      connection.tab.later(1, () => connection.onclose?.({}))
    }
  }

  /** What a tab that goes leaves unfinished is undone. */
  closeAllOf(tab: Tab): void {
    for (const transaction of [...this.transactions]) {
      if (transaction.db.tab === tab) transaction.abort('AbortError')
    }
    for (const connection of this.connections) if (connection.tab === tab) connection.close()
  }

  onClosed(): void {
    const waiting = this.#deletion
    if (!waiting || this.connections.size > 0) return
    this.#deletion = undefined
    this.#exists = false
    this.disk.records.clear()
    for (const resume of waiting) resume()
  }

  /** Lets those transactions go on that wait for no earlier one. */
  proceed(): void {
    const open: Transaction[] = []
    for (const transaction of [...this.transactions]) {
      const isFree = open.every(({ isWriting }) => !isWriting && !transaction.isWriting)
      open.push(transaction)
      if (isFree) transaction.proceed()
    }
  }
}

class Connection {
  onclose: Handler
  onversionchange: Handler
  readonly tab: Tab
  readonly #database: Database

  constructor(database: Database, tab: Tab) {
    this.#database = database
    this.tab = tab
  }

  createObjectStore(): void {}

  transaction(_store: string, mode = 'readonly'): Transaction {
    const { disk, transactions, connections } = this.#database
    if (!connections.has(this)) throw new DOMException('Closing', 'InvalidStateError')
    const transaction = new Transaction(this.#database, this, mode === 'readwrite')
    transactions.push(transaction)
    if (transaction.isWriting) disk.noteWriter(this.tab)
    this.tab.later(0, () => this.#database.proceed())
    return transaction
  }

  close(): void {
    this.#database.connections.delete(this)
    this.#database.onClosed()
  }
}

class Transaction {
  oncomplete: Handler
  onabort: Handler
  onerror: Handler
  onsuccess: Handler
  error: DOMException | undefined
  readonly result = undefined
  readonly db: Connection
  readonly isWriting: boolean
  readonly #database: Database
  readonly #changes = new Map<string, unknown>()
  #requests: Request[] = []
  #isBusy = false
  /** It takes no more requests: a task left it without one. */
  #isInactive = false
  #isOver = false

  constructor(database: Database, connection: Connection, isWriting: boolean) {
    this.#database = database
    this.db = connection
    this.isWriting = isWriting
  }

  objectStore(): object {
    const { records } = this.#database.disk
    const value = (id: string) => (this.#changes.has(id) ? this.#changes.get(id) : records.get(id))
    return {
      transaction: this,
      get: (id: string) => this.#ask(() => structuredClone(value(id))),
      put: (record: unknown, id: string) => {
        this.#database.disk.noteWrite(this.db.tab)
        const copy: unknown = structuredClone(record)
        return this.#ask(() => this.#changes.set(id, copy))
      },
    }
  }

  #ask(run: () => unknown): Request {
    if (this.#isInactive) throw new DOMException('The transaction is over', 'TransactionInactiveError')
    const request = { run }
    this.#requests.push(request)
    return request
  }

  proceed(): void {
    if (this.#isBusy || this.#isOver) return
    this.#isBusy = true
    const request = this.#requests[0]
    this.#isInactive = !request
    // The commit is where a full disk is noticed.
    const isWrite = this.isWriting && !request
    this.#database.disk.access(
      this.db.tab,
      isWrite,
      () => (request ? this.#answer(request) : this.#commit()),
      error => this.abort(error.name),
    )
  }

  #answer(request: Request): void {
    if (this.#isOver) return
    this.#requests.shift()
    request.result = request.run?.()
    this.#isBusy = false
    this.db.tab.later(0, () => this.#database.proceed())
    request.onsuccess?.({ target: request })
  }

  #commit(): void {
    if (this.#isOver) return
    for (const [id, record] of this.#changes) this.#database.disk.records.set(id, record)
    this.#end()
    this.oncomplete?.({ target: this })
  }

  abort(name: string): void {
    if (this.#isOver) return
    this.error = new DOMException('The transaction was aborted', name)
    this.#end()
    for (const request of this.#requests) this.db.tab.later(0, () => request.onerror?.({ target: request }))
    this.db.tab.later(0, () => this.onabort?.({ target: this }))
  }

  #end(): void {
    this.#isOver = true
    this.#isInactive = true
    const { transactions } = this.#database
    transactions.splice(transactions.indexOf(this), 1)
    this.#database.proceed()
  }
}
