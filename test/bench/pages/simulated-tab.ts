// The first script of a tab in simulated time: replaces its clocks and timers by those of the page that opened it. The
// network, the database, locks and channels are the browser's own, and while one is under way time stands still.
import type { Control } from './control.ts'

const { time } = (window.opener as Window & { control: Control }).control
const owner = {}
const loadedAtMs = time.nowMs()
addEventListener('pagehide', () => time.forget(owner))

Date.now = () => time.nowMs()
performance.now = () => time.nowMs() - loadedAtMs
type Task = (...args: unknown[]) => void
window.setTimeout = ((task: Task, delayMs = 0, ...args: unknown[]) =>
  time.startTimer(owner, () => task(...args), delayMs)) as typeof setTimeout
window.clearTimeout = id => time.cancelTimer(Number(id))

/** The first timer of an interval, and the one that stands for it now. */
const intervals = new Map<number, number>()
window.setInterval = ((task: Task, periodMs = 0, ...args: unknown[]) => {
  const again = () => {
    intervals.set(id, time.startTimer(owner, again, periodMs))
    task(...args)
  }
  const id = time.startTimer(owner, again, periodMs)
  intervals.set(id, id)
  return id
}) as typeof setInterval
window.clearInterval = id => {
  time.cancelTimer(intervals.get(Number(id)) ?? 0)
  intervals.delete(Number(id))
}

const realFetch = window.fetch
/** The API asks nobody what time it is. It is told once for each moment. */
const tellTime = () => (time.toldAtMs === time.nowMs() ? time.told : tellAnew())
const tellAnew = () => {
  time.toldAtMs = time.nowMs()
  return (time.told = realFetch('/clock', { method: 'POST', body: `${time.toldAtMs}` }))
}
window.fetch = (input, init) =>
  time.count(
    owner,
    (async () => {
      await tellTime()
      const response = await realFetch(input, init)
      const { status, headers } = response
      // The body too takes real time.
      return new Response(await response.arrayBuffer(), { status, headers })
    })(),
  )

const countUntil = (target: EventTarget, ...endings: string[]) =>
  void time.count(
    owner,
    new Promise(resolve => {
      for (const ending of endings) target.addEventListener(ending, resolve)
    }),
  )
const { send } = XMLHttpRequest.prototype
XMLHttpRequest.prototype.send = function (body) {
  countUntil(this, 'loadend')
  void tellTime().then(() => send.call(this, body))
}
const { open } = IDBFactory.prototype
IDBFactory.prototype.open = function (...args) {
  const request = open.apply(this, args)
  countUntil(request, 'success', 'error')
  return request
}
const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (...args) {
  const started = transaction.apply(this, args)
  countUntil(started, 'complete', 'abort')
  return started
}
const { request } = LockManager.prototype
LockManager.prototype.request = function (this: LockManager, ...args: unknown[]) {
  return time.count(owner, (request as (...args: unknown[]) => Promise<unknown>).apply(this, args))
}
