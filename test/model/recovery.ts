import type { AccessKey, AuthError } from '../../src/index.ts'
import { comeBack, goOnLine, openTab } from './actions.ts'
import { Session } from './session.ts'
import type { World } from './world.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const STEADY_MS = 10 * MINUTE_MS
/** Keys that live this long at least are renewed by timers in time, however the schedule ended. */
const LEAST_LIFETIME_SECONDS = 120
const LEAST_LATENCY_MS = 200
/** Those that live shorter timers leave alone (rule 9); by its claims a key may live up to a second shorter. */
const LEAST_TIMERS_SECONDS = 31

/**
 * The end of each schedule. All faults end, and then:
 * - who keeps asking gets a key within the time that the budget allows, and who subscribes sees one;
 * - subscribers keep a good key, by no more requests than its renewal takes;
 * - when nobody subscribes any more, an idle page makes no request;
 * - every call has settled; after `dispose` nothing is left.
 */
export async function recover(world: World): Promise<void> {
  heal(world)
  await settleDown(world)
  if (world.database.isDeletionBlocked) world.fail('an open connection keeps the host from deleting the database')
  const asking = world.tabs.flatMap(({ sessions }) => sessions.filter(({ isOver }) => !isOver))
  await expectKeys(world, asking)
  await expectSteadiness(world)
  for (const session of asking) while (session.unsubscribes.length > 0) session.unsubscribe()
  await world.timeline.pass(30 * SECOND_MS)
  const startCount = world.service.requests.length
  await world.timeline.pass(120 * MINUTE_MS)
  if (world.service.requests.length > startCount) world.fail('an idle page has asked for a key')
  await expectStorage(world, asking)
  world.calls.expectAllSettled()
  for (const session of asking) if (!session.isOver) session.dispose()
  await world.timeline.pass(MINUTE_MS)
  for (const { number, reportCount, thrownCount } of world.tabs) {
    if (reportCount !== thrownCount) {
      world.fail(`listeners in tab ${number} threw ${thrownCount} times, and ${reportCount} times it was reported`)
    }
  }
  await world.timeline.pass(0)
}

function heal(world: World): void {
  const { disk, service, api, tabs } = world
  world.note(() => '— all faults end')
  disk.mode = 'ok'
  service.answerNext('key', 0)
  service.isLenient = true
  service.latencyMs = Math.min(LEAST_LATENCY_MS, service.latencyMs)
  service.lifetimeSeconds = Math.max(LEAST_LIFETIME_SECONDS, service.lifetimeSeconds)
  api.answerNext('ok', 0)
  goOnLine(world, true)
  if (tabs.length === 0) openTab(world, true, true)
  for (const tab of tabs) {
    comeBack(tab, true)
    tab.show(true)
    if (tab.sessions.every(({ isOver }) => isOver)) tab.guard(() => new Session(tab, false))
  }
}

/**
 * Lets that pass which is no fault, and yet keeps subscribers without a key: keys that live too short for timers, and a
 * `clear`, after which nobody asks again by himself.
 */
async function settleDown({ timeline, service, calls, database }: World): Promise<void> {
  const isShort = [...service.grants.values()].some(
    ({ knownSeconds = LEAST_TIMERS_SECONDS, request }) =>
      knownSeconds < LEAST_TIMERS_SECONDS && request.started.trueMs > timeline.nowMs - MINUTE_MS,
  )
  const isClearing = calls.all.some(
    ({ kind, outcome }) => kind === 'clear' && !(outcome && outcome.atMs < timeline.nowMs - 5 * SECOND_MS),
  )
  await timeline.pass(isShort ? MINUTE_MS : isClearing || database.isDeletionBlocked ? 5 * SECOND_MS : 0)
}

/**
 * Whether a host that subscribes sees what it should. Without a channel, or after a fault of storage, a tab hears late
 * that another has cleared the key. And a timer comes late when its clock stood still, or the other one was set.
 */
function isServed({ auth, isOther, tab }: Session): boolean {
  const { keyUse, setup, disk, machine } = tab.world
  const { status } = auth.state
  const isDeaf = !setup.hasChannel || !disk.wasReliableSince(0)
  return (
    status === 'ready' ||
    machine.stoodMs > 0 ||
    machine.wasSet() ||
    (status === 'idle' && isDeaf && keyUse.wasEverCleared(isOther))
  )
}

/** Somebody in each tab asks again and again, when he is told to; and all get a key in time. */
async function expectKeys(world: World, sessions: Session[]): Promise<void> {
  const { timeline, calls, service, setup } = world
  const healedAtMs = timeline.nowMs
  const waiting = new Set(sessions)
  for (const session of sessions) persist(session, () => waiting.delete(session))
  // What is known to be closed until when; what a clock or a damage may have made of it; then the window of the limit,
  // the longest back-off, a request that hangs and the lock that it holds.
  const boundMs = () => {
    const isRejected = calls.rejectedAtMs > timeline.nowMs - 16 * MINUTE_MS
    const isDistorted = world.machine.wasSet() || world.damages.length > 0
    const blockedMs = Math.max(0, service.blockedUntilMs - healedAtMs)
    const excuseMs = isRejected || isDistorted ? 15 * MINUTE_MS : 0
    return blockedMs + excuseMs + MINUTE_MS + MINUTE_MS + 2 * (2 * setup.timeoutMs + 2 * SECOND_MS) + 30 * SECOND_MS
  }
  const isSeen = (session: Session) => session.unsubscribes.length === 0 || isServed(session)
  const isLate = () => timeline.nowMs > healedAtMs + boundMs()
  const isOver = () => (waiting.size === 0 && sessions.every(isSeen)) || isLate()
  await timeline.passUntil(isOver, 60 * MINUTE_MS)
  const tookMs = timeline.nowMs - healedAtMs
  for (const { tab } of waiting) world.fail(`tab ${tab.number} has no key ${tookMs} ms after the last fault`)
  const blind = sessions.find(session => !isSeen(session))
  if (blind)
    world.fail(
      `a subscriber in tab ${blind.tab.number} sees ${blind.auth.state.status} ${tookMs} ms after the last fault`,
    )
  // A key that was still good hides that its renewal has to wait, and a request may be under way that is sent twice.
  await timeline.passUntil(isLate, 60 * MINUTE_MS)
}

/** Storage that had a fault is in use again when it is next needed. */
async function expectStorage(world: World, sessions: Session[]): Promise<void> {
  for (const session of sessions) persist(session, () => {})
  await world.timeline.pass(5 * MINUTE_MS)
  if (world.isAnyInMemory) world.fail('storage is not in use again after its faults')
}

function persist(session: Session, done: () => void): void {
  const { tab, auth } = session
  const { calls, machine } = tab.world
  const again = (error: AuthError) => {
    // By a clock that was set nobody can tell when the library means.
    const waitMs = machine.wasSet() ? 5 * SECOND_MS : (error.retryAtMs ?? 0) - machine.wallMs
    tab.later(Math.max(SECOND_MS, waitMs), () => persist(session, done))
    throw error
  }
  const got = (key: AccessKey) => {
    done()
    return key
  }
  calls.ask(session, 'getKey', () => auth.getKey().then(got, again))
}

/** Who subscribes has a good key all the time, and it costs what renewal costs. */
async function expectSteadiness(world: World): Promise<void> {
  const { timeline, service, setup, tabs, disk, keyUse } = world
  const subscribed = tabs.flatMap(({ sessions }) => sessions.filter(({ unsubscribes }) => unsubscribes.length > 0))
  const before = service.requests.length
  const untilMs = timeline.nowMs + STEADY_MS
  const lifetimes = [...service.grants.values()].map(({ knownSeconds }) => knownSeconds ?? setup.defaultLifetimeSeconds)
  // A key that was refused too early makes the library trust the claims, by which the next may have half of its life left.
  const part = keyUse.wasRefused ? 0.5 : 1
  const shortestMs = Math.max(30, part * Math.min(...lifetimes, service.lifetimeSeconds)) * SECOND_MS
  const renewalMs = shortestMs - 2 * Math.min(MINUTE_MS, shortestMs / 4)
  // Timers have two a minute less than the limit allows, and at least one.
  const isEnough = setup.maxPerMinute === 5 || (setup.maxPerMinute === 3 && shortestMs >= 2 * MINUTE_MS)
  while (timeline.nowMs < untilMs) {
    await timeline.passUntil(() => false, 5 * SECOND_MS)
    const late = subscribed.find(session => !isServed(session))
    if (late && isEnough)
      world.fail(`a subscriber in tab ${late.tab.number} sees ${late.auth.state.status}, without a fault`)
  }
  const isShared = world.isShared && disk.wasReliableSince(untilMs - STEADY_MS - 180_000) && !world.isAnyInMemory
  const keeperCount = (world.hasTwoIdentities ? 2 : 1) * (isShared ? 1 : tabs.length)
  const most = keeperCount * (Math.ceil(STEADY_MS / renewalMs) + 1)
  const count = service.requests.length - before
  if (count > most) world.fail(`subscribers made ${count} requests in ten minutes, where renewal takes ${most}`)
  await timeline.pass(0)
}
