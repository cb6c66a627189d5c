import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeAirwaves } from './fake-browser.ts'
import { fakeMachine, fakeTimedService } from './fake-machine.ts'
import { fakeLocks, fakeStorage, openPage, stubBrowser, tidyUp } from './fakes.ts'

const TIMEOUT_MS = 10_000
/** How long a tab waits for another that may have crashed, and how often it looks. */
const DEADLINE_MS = TIMEOUT_MS + 2000
const POLL_MS = 250

let machine: ReturnType<typeof fakeMachine>
let service: ReturnType<typeof fakeTimedService>
let storage: ReturnType<typeof fakeStorage>
let locks: ReturnType<typeof fakeLocks>

beforeEach(() => {
  locks = fakeLocks()
  stubBrowser({ locks })
  fakeAirwaves()
  machine = fakeMachine({ turns: 6 })
  service = fakeTimedService(machine)
  storage = fakeStorage()
})
afterEach(tidyUp)

const openTab = async () => (await openPage(service)).watchedAuth({ storage })
const openTabs = async (count: number) => {
  const tabs = []
  for (let tab = 0; tab < count; tab++) tabs.push(await openTab())
  return tabs
}

const browsers: Record<string, () => void> = {
  locks: () => stubBrowser({ locks }),
  'no locks': () => stubBrowser(),
  'locks that throw': () =>
    stubBrowser({
      locks: {
        request: () => {
          throw new DOMException('sandboxed', 'SecurityError')
        },
      },
    }),
  'locks that reject': () =>
    stubBrowser({ locks: { request: () => Promise.reject(new DOMException('sandboxed', 'SecurityError')) } }),
  'locks that never come': () => stubBrowser({ locks: fakeLocks({ isStuck: true }) }),
}

/** Makes the service think for so long before it answers. */
function answerAfter(ms: number): void {
  const { answerKey } = service
  service.answerKey = () => {
    const answer = answerKey()
    return new Promise(resolve => setTimeout(() => resolve(answer), ms))
  }
}

/** A tab that has asked and was then killed: its start is in storage, and no outcome of it will ever be. */
async function crashInMidRequest(): Promise<void> {
  const { auth } = await openTab()
  const release = service.hold()
  auth.getKey().catch(() => {})
  await machine.settle()
  expect(service.asked).toHaveLength(1)
  auth.dispose()
  release()
  await machine.settle()
  expect([...storage.content.keys()].map(id => id.split('/')[0])).toEqual(['starts'])
}

describe('many tabs at once make one request (rule 2)', () => {
  it.each(
    Object.keys(browsers).flatMap(name =>
      [0, 9000].map(answerMs => ({ name, answerMs, count: name.startsWith('locks ') ? 5 : 20 })),
    ),
  )('$count with $name, answered after $answerMs ms', async ({ name, answerMs, count }) => {
    browsers[name]?.()
    const tabs = await openTabs(count)
    answerAfter(answerMs)
    const keys = await machine.until(Promise.all(tabs.map(({ auth }) => auth.getKey())))
    expect(service.startsMs).toHaveLength(1)
    expect(new Set(keys.map(({ value }) => value))).toEqual(new Set(service.given))
  })

  it.each(['locks', 'no locks'])(
    'also when they come one after the other while it is under way, with %s',
    async name => {
      browsers[name]?.()
      const tabs = await openTabs(6)
      answerAfter(9000)
      const pending = []
      for (const { auth } of tabs) {
        pending.push(auth.getKey())
        await machine.pass(1400)
      }
      await machine.until(Promise.all(pending))
      expect(service.startsMs).toHaveLength(1)
    },
  )

  it.each(['locks', 'no locks'])('and one more for all when it is renewed, with %s', async name => {
    browsers[name]?.()
    const tabs = await openTabs(5)
    for (const { auth } of tabs) auth.subscribe(() => {})
    await machine.pass(1000)
    answerAfter(3000)
    await machine.pass(19.5 * 60_000)
    expect(service.startsMs).toHaveLength(2)
    expect(new Set(tabs.map(({ auth }) => auth.peek()?.value))).toEqual(new Set([service.given[1]]))
  })
})

describe('a lock that does not come (rule 2)', () => {
  it('is done without when the holder of it must have ended long ago, and is not waited for any more', async () => {
    locks.isStuck = true
    const { auth } = await openTab()
    const pending = auth.getKey()
    await machine.pass(DEADLINE_MS - 1)
    expect(service.startsMs).toHaveLength(0)
    expect(locks.waiting).toBe(1)
    await machine.pass(1)
    expect(service.startsMs).toHaveLength(1)
    await machine.until(pending)
    expect(locks.waiting).toBe(0)
  })

  it('because a frozen tab holds it: the others do without, with one request together', async () => {
    // Nor does it hear anything.
    vi.stubGlobal('BroadcastChannel', undefined)
    const [frozen, ...others] = await openTabs(4)
    const release = service.hold()
    const late = frozen!.auth.getKey()
    await machine.settle()
    // In mid-request: nothing goes on in it, its own timeout neither.
    machine.dropTimers()
    expect(locks.held).toBe(1)
    await machine.pass(1000)
    const pending = Promise.all(others.map(({ auth }) => auth.getKey()))
    service.answerKey = () => service.give('SASS_the_newer_key')
    const keys = await machine.until(pending)
    expect(new Set(keys.map(({ value }) => value))).toEqual(new Set(['SASS_the_newer_key']))
    expect(service.asked).toHaveLength(2)
    // When it goes on, its late answer replaces nothing.
    release()
    expect((await machine.until(late)).value).toBe('SASS_the_newer_key')
    expect((await machine.until((await openTab()).auth.getKey())).value).toBe('SASS_the_newer_key')
  })

  it('the timeout that was chosen decides how long it is waited for', async () => {
    locks.isStuck = true
    const { createAuth } = await openPage(service)
    const pending = createAuth({ storage, timeoutMs: 1000 }).getKey()
    await machine.pass(2999)
    expect(service.startsMs).toHaveLength(0)
    await machine.pass(1)
    await machine.until(pending)
    expect(service.startsMs).toHaveLength(1)
  })

  it('is not asked for where there is nothing to share', async () => {
    const { createAuth } = await openPage(service)
    await machine.until(createAuth({ storage: 'memory' }).getKey())
    expect(locks.asked).toBe(0)
  })
})

describe('a tab that crashed in mid-request (rule 2)', () => {
  it('delays nobody where there are locks', async () => {
    await crashInMidRequest()
    const { auth } = await openTab()
    const atMs = machine.trueMs
    await machine.until(auth.getKey())
    expect(machine.trueMs).toBe(atMs)
  })

  it('delays the others by the time that it might have taken where there are none, and not longer', async () => {
    stubBrowser()
    await crashInMidRequest()
    const crashedAtMs = machine.trueMs
    await machine.pass(1000)
    const tabs = await openTabs(3)
    const keys = await machine.until(Promise.all(tabs.map(({ auth }) => auth.getKey())))
    expect(new Set(keys.map(({ value }) => value)).size).toBe(1)
    expect(service.asked).toHaveLength(2)
    expect(service.startsMs.at(-1)! - crashedAtMs).toBeGreaterThan(TIMEOUT_MS)
    expect(service.startsMs.at(-1)! - crashedAtMs).toBeLessThanOrEqual(DEADLINE_MS + POLL_MS)
  })

  it('does not delay another identity of the same key URL', async () => {
    stubBrowser()
    await crashInMidRequest()
    const { createAuth } = await openPage(service)
    const atMs = machine.trueMs
    await machine.until(createAuth({ storage, cacheScope: 'berta' }).getKey())
    expect(machine.trueMs).toBe(atMs)
  })

  it('does not delay who comes long after', async () => {
    stubBrowser()
    await crashInMidRequest()
    await machine.pass(DEADLINE_MS)
    const { auth } = await openTab()
    const atMs = machine.trueMs
    await machine.until(auth.getKey())
    expect(machine.trueMs).toBe(atMs)
  })
})

it('no listener and no onEvent is called under the lock, whatever happens (rule 2)', async () => {
  const heldThen: [string, number][] = []
  const { createAuth } = await openPage(service)
  const auth = createAuth({ storage, onEvent: ({ type }) => heldThen.push([type, locks.held]) })
  auth.subscribe(({ status }) => heldThen.push([status, locks.held]))
  const other = (await openTab()).auth
  await machine.pass(1000)
  await machine.until(other.getKey({ forceRefresh: true }))
  await machine.until(other.invalidate((await machine.until(other.getKey())).value))
  await machine.pass(60_000)
  const { answerKey } = service
  service.answerKey = () => new Response('', { status: 503 })
  setTimeout(() => {
    service.answerKey = answerKey
  }, 2500)
  await machine.until(auth.getKey({ forceRefresh: true }))
  storage.fails = true
  await machine.pass(60_000)
  await machine.until(auth.getKey({ forceRefresh: true }))
  await machine.until(auth.clear())
  const told = new Set(heldThen.map(([what]) => what))
  for (const what of [
    'key',
    'cache_hit',
    'invalidated',
    'failure',
    'wait',
    'degraded',
    'cleared',
    'loading',
    'ready',
  ]) {
    expect(told).toContain(what)
  }
  expect(heldThen.filter(([, held]) => held > 0)).toEqual([])
})
