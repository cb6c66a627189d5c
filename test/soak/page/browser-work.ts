import type { ElasticTime } from './elastic-time.ts'

/** Counts what a page has begun, so that time can stand still until it is over: it changes nothing of it. */
export function countBrowserWork(time: ElasticTime): void {
  countRequests(time)
  countTransactions(time)
  countLocks(time)
  countMessages(time)
}

function countRequests(time: ElasticTime): void {
  const { fetch } = window
  window.fetch = (input, init) =>
    time.count('request', input instanceof Request ? input.url : String(input), fetch(input, init))
  // A body too takes real time.
  for (const name of ['text', 'json', 'arrayBuffer', 'blob', 'formData'] as const) {
    const read = Response.prototype[name] as () => Promise<never>
    Response.prototype[name] = function (this: Response) {
      return time.count('request', `body of ${this.url}`, read.call(this))
    }
  }
  const { read } = ReadableStreamDefaultReader.prototype
  ReadableStreamDefaultReader.prototype.read = function () {
    return time.count('request', 'part of a body', read.call(this))
  }
  const { send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.send = function (body) {
    const end = time.begin('request', 'of a widget')
    this.addEventListener('loadend', end)
    send.call(this, body)
  }
}

function countTransactions(time: ElasticTime): void {
  const until = (target: EventTarget, about: string, ...endings: string[]) => {
    const end = time.begin('database', about)
    endings.forEach(ending => target.addEventListener(ending, end))
  }
  const { open, deleteDatabase } = IDBFactory.prototype
  IDBFactory.prototype.open = function (...args) {
    const request = open.apply(this, args)
    until(request, 'open', 'success', 'error')
    return request
  }
  IDBFactory.prototype.deleteDatabase = function (name) {
    const request = deleteDatabase.call(this, name)
    until(request, 'deleteDatabase', 'success', 'error')
    return request
  }
  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function (...args) {
    const started = transaction.apply(this, args)
    until(started, 'transaction', 'complete', 'abort')
    return started
  }
}

/** One that is waited for holds nothing up: another tab may have it for as long as its request takes. */
function countLocks(time: ElasticTime): void {
  const { request } = LockManager.prototype
  LockManager.prototype.request = async function (this: LockManager, name: string, ...rest: unknown[]) {
    const task = rest.at(-1) as (lock: Lock | null) => unknown
    let isWaiting = true
    const stopWaiting = () => {
      if (isWaiting) time.locksWanted--
      isWaiting = false
      time.activity++
    }
    const held = async (lock: Lock | null) => {
      stopWaiting()
      time.locksHeld++
      try {
        return await task(lock)
      } finally {
        time.locksHeld--
        time.activity++
      }
    }
    time.locksWanted++
    time.activity++
    try {
      return await (request as (...args: unknown[]) => Promise<unknown>).call(this, name, ...rest.slice(0, -1), held)
    } finally {
      stopWaiting()
    }
  }
}

function countMessages(time: ElasticTime): void {
  const { postMessage } = BroadcastChannel.prototype
  BroadcastChannel.prototype.postMessage = function (message) {
    time.activity++
    postMessage.call(this, message)
  }
  const { set } = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, 'onmessage')!
  Object.defineProperty(BroadcastChannel.prototype, 'onmessage', {
    set(listener: (event: MessageEvent) => void) {
      set!.call(this, (event: MessageEvent) => {
        time.activity++
        listener(event)
      })
    },
  })
}
