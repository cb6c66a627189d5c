import { API_URL } from './api.ts'
import { damageRecords } from './damage.ts'
import type { Action, Step } from './schedule.ts'
import { Session } from './session.ts'
import type { Tab } from './tab.ts'
import type { World } from './world.ts'

/** As many auths as a page may have. */
const MOST_SESSIONS = 4
const NOISE: unknown[] = ['key/1/', null, { key: 'SASS_from_another_script' }, ['starts'], 7]

/** Does what a step says, as far as there is somebody to do it: nobody uses a tab that stands still. */
export async function perform(world: World, step: Step): Promise<void> {
  const { tabs } = world
  const tab = 'tab' in step ? tabs[step.tab % tabs.length] : undefined
  if ('tab' in step && (!tab || tab.isStopped)) return
  if (tab && 'session' in step) {
    const sessions = tab.sessions.filter(({ isOver }) => !isOver)
    const session = sessions[step.session % sessions.length]
    if (session) tab.guard(() => use(session, step))
  } else if (tab) await handle(world, tab, step)
  else await happen(world, step)
}

/** What a page does with one of its auths. */
function use(session: Session, step: Action): void {
  const { auth, tab } = session
  const { keyUse, service } = tab.world
  switch (step.do) {
    case 'subscribe':
      tab.lookedAtMs = tab.runningMs
      return session.subscribe()
    case 'unsubscribe':
      return session.unsubscribe()
    case 'dispose':
      return session.dispose()
    case 'getKey':
      return getKey(session, step)
    case 'fetch':
    case 'sign':
      return send(session, step)
    case 'invalidate': {
      const current = auth.peek()?.value
      const earlier = [...service.grants.keys()].find(key => key !== current)
      const key = { current, earlier, junk: 'SASS_some_other_key' }[step.what]
      if (key === undefined) return
      if (step.what !== 'junk') keyUse.noteInvalidated(session, key)
      return void tab.world.calls.ask(session, 'invalidate', () => auth.invalidate(key))
    }
    case 'clear': {
      const requestCount = service.requests.length
      keyUse.noteClearing(session)
      return void tab.world.calls.ask(session, 'clear', () =>
        auth.clear().then(() => keyUse.noteCleared(session, requestCount)),
      )
    }
  }
}

/** Also with a good key in memory, which has to come without waiting for anything (rule 1). */
function getKey(session: Session, step: Extract<Action, { do: 'getKey' }>): void {
  const { auth, tab } = session
  const { minValidityMs, maxWaitMs, forceRefresh, abortAfterMs } = step
  const isThere = auth.peek() && !forceRefresh && minValidityMs === 0
  const call = tab.world.calls.ask(
    session,
    'getKey',
    signal => auth.getKey({ minValidityMs, maxWaitMs, forceRefresh, ...(abortAfterMs !== undefined && { signal }) }),
    {
      isForced: forceRefresh,
      wantsNew: forceRefresh || minValidityMs > 0,
      maxWaitMs: maxWaitMs ?? tab.world.setup.maxWaitMs,
      abortAfterMs,
    },
  )
  if (isThere) tab.later(0, () => call.outcome ?? tab.world.fail(`call ${call.number} waits for a key that was there`))
}

function send({ auth, tab }: Session, step: Extract<Action, { do: 'fetch' | 'sign' }>): void {
  const { abortAfterMs } = step
  const session = tab.sessions.find(one => one.auth === auth)!
  const run = (signal: AbortSignal, number: number): Promise<unknown> => {
    const init = abortAfterMs === undefined ? {} : { signal }
    const url = `${API_URL}?call=${number}`
    if (step.do === 'sign') return auth.sign(url, init)
    return auth.fetch(url, step.method === 'POST' ? { ...init, method: 'POST', body: 'a file' } : init)
  }
  tab.world.calls.ask(session, step.do, run, { abortAfterMs })
}

/** What the visitor or the browser does with a tab. */
async function handle(world: World, tab: Tab, step: Action): Promise<void> {
  switch (step.do) {
    case 'show':
      return tab.show(step.isVisible)
    case 'create':
      if (tab.sessions.length >= MOST_SESSIONS) return
      world.hasTwoIdentities ||= step.isOther
      return tab.guard(() => new Session(tab, step.isOther))
    case 'close': {
      if (step.how !== 'crashed') leave(tab, false)
      tab.close()
      if (step.how === 'reloaded') openTab(world, true, true)
      return
    }
    case 'freeze': {
      world.wasEverStopped = true
      tab.isWaitedFor = world.disk.isBusy
      if (step.how === 'bfcache') {
        leave(tab, true)
        await world.timeline.pass(0)
        world.endings.expectCacheable(tab)
        // A page that holds a lock is not kept.
        if (world.locks.heldBy(tab).length > 0) return tab.close()
      } else tab.show(false)
      tab.freeze()
      world.timeline.in(step.forMs, () => comeBack(tab, step.how === 'bfcache'))
    }
  }
}

function leave(tab: Tab, persisted: boolean): void {
  tab.dispatch('pagehide', { persisted })
  tab.show(false)
}

/** The visitor comes back to a page that was frozen. */
export function comeBack(tab: Tab, wasKept: boolean): void {
  if (tab.isClosed || !tab.isFrozen) return
  if (tab.world.machine.isAsleep) return void tab.world.timeline.in(1000, () => comeBack(tab, wasKept))
  if (tab.isWaitedFor) tab.world.disk.noteFault()
  tab.isFrozen = false
  if (wasKept) tab.dispatch('pageshow', { persisted: true })
  tab.show(true)
  tab.noteStop()
}

export function openTab(world: World, isVisible: boolean, isSubscribed: boolean): void {
  const tab = world.open(isVisible)
  if (isSubscribed) tab.guard(() => tab.sessions[0]?.subscribe())
}

/** What happens to everybody. */
async function happen(world: World, step: Action): Promise<void> {
  const { tabs, service, api, disk, machine, random } = world
  switch (step.do) {
    case 'open':
      return openTab(world, step.isVisible, step.isSubscribed)
    case 'crowd':
      for (const { isStopped, sessions } of tabs) {
        const session = sessions.find(({ isOver }) => !isOver)
        for (let count = 0; session && !isStopped && count < step.count; count++) {
          const plain = { minValidityMs: 0, maxWaitMs: undefined, forceRefresh: false, abortAfterMs: undefined }
          getKey(session, { do: 'getKey', tab: 0, session: 0, ...plain })
        }
      }
      return
    case 'answerKeys':
      return service.answerNext(step.answer, step.times)
    case 'answerApi':
      return api.answerNext(step.answer, step.times)
    case 'revoke':
      return service.revokeAll()
    case 'lifetime':
      service.lifetimeSeconds = step.seconds
      return
    case 'disk':
      disk.mode = step.mode
      return
    case 'damage':
      world.keyUse.mayHaveForgotten = true
      world.damages.push({ atMs: world.timeline.nowMs })
      return damageRecords(world, step.damage)
    case 'setClock':
      return machine.setWall(step.byMs)
    case 'sleep':
      return sleep(world, step.forMs)
    case 'onLine':
      return goOnLine(world, step.isOnLine)
    case 'noise':
      return world.airwaves.interfere(NOISE[Math.floor(random() * NOISE.length)])
  }
}

async function sleep(world: World, forMs: number): Promise<void> {
  const { machine, disk, timeline } = world
  world.wasEverStopped = true
  const isWaitedFor = disk.isBusy
  machine.fallAsleep()
  for (const tab of world.tabs) tab.noteStop()
  await timeline.pass(forMs)
  machine.wakeUp()
  if (isWaitedFor) disk.noteFault()
  for (const tab of world.tabs) tab.noteStop()
}

export function goOnLine({ machine, tabs, timeline }: World, isOnLine: boolean): void {
  if (machine.isOnLine === isOnLine) return
  machine.isOnLine = isOnLine
  if (!isOnLine) machine.wentOffLineAtMs = timeline.nowMs
  for (const tab of tabs) tab.later(0, () => tab.dispatch(isOnLine ? 'online' : 'offline'))
}
