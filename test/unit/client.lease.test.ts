import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Auth, AuthState } from '../../src/index.ts'
import { fakeAirwaves, happen, showPage } from './fake-browser.ts'
import { fakeChance, fakeMachine, fakeTimedService } from './fake-machine.ts'
import { fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'

const HOUR_MS = 60 * MINUTE_MS
const LIFETIME_MS = 20 * MINUTE_MS

let machine: ReturnType<typeof fakeMachine>
let service: ReturnType<typeof fakeTimedService>
let storage: ReturnType<typeof fakeStorage>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  fakeAirwaves()
  fakeChance()
  machine = fakeMachine({ turns: 4 })
  service = fakeTimedService(machine)
  storage = fakeStorage()
})
afterEach(tidyUp)

const openTab = async () => (await openPage(service)).watchedAuth({ storage })

/** What a widget connection does while it uploads or loads; the parameter is not in the public type. */
function lease(auth: Auth, listener: (state: AuthState) => void = () => {}): () => void {
  const { subscribe }: { subscribe(listener: (state: AuthState) => void, isLease: true): () => void } = auth
  return subscribe(listener, true)
}

/** Whether there is a good key in each minute of that time. */
async function isKept(auth: Auth, durationMs: number): Promise<boolean> {
  let isGood = true
  for (let ms = 0; ms < durationMs; ms += MINUTE_MS) {
    await machine.pass(MINUTE_MS)
    isGood &&= !service.isDead(auth.peek()?.value ?? 'none') && auth.peek() !== undefined
  }
  return isGood
}

describe('a hidden page (rule 10)', () => {
  it('has its first key, and none is renewed there', async () => {
    showPage(false)
    const { auth } = await openTab()
    auth.subscribe(() => {})
    await machine.pass(1000)
    expect(auth.state.status).toBe('ready')
    await machine.pass(12 * HOUR_MS)
    expect(service.startsMs).toHaveLength(1)
    expect(auth.peek()).toBeUndefined()
  })

  it('stops to renew when it is hidden, and begins again at once when it is seen', async () => {
    const { auth } = await openTab()
    auth.subscribe(() => {})
    expect(await isKept(auth, HOUR_MS)).toBe(true)
    showPage(false)
    const before = service.startsMs.length
    await machine.pass(12 * HOUR_MS)
    expect(service.startsMs).toHaveLength(before)
    showPage(true)
    await machine.settle()
    expect(service.startsMs).toHaveLength(before + 1)
    expect(auth.state.status).toBe('ready')
    expect(await isKept(auth, HOUR_MS)).toBe(true)
  })

  it('seen again while its key is good asks for nothing', async () => {
    const { auth } = await openTab()
    auth.subscribe(() => {})
    await machine.pass(1000)
    for (let time = 0; time < 20; time++) {
      showPage(time % 2 === 1)
      for (const type of ['pageshow', 'online']) happen(type)
      await machine.pass(10_000)
    }
    expect(service.startsMs).toHaveLength(1)
  })

  it('asks for nothing when another tab gives its key up', async () => {
    const { auth } = await openTab()
    auth.subscribe(() => {})
    const { auth: other } = await openTab()
    await machine.until(other.getKey())
    showPage(false)
    await machine.until(other.invalidate(other.peek()!))
    await machine.pass(HOUR_MS)
    expect(auth.peek()).toBeUndefined()
    expect(service.startsMs).toHaveLength(1)
    showPage(true)
    await machine.settle()
    expect(auth.state.status).toBe('ready')
    expect(service.startsMs).toHaveLength(2)
  })

  it('has a key for who asks in it', async () => {
    showPage(false)
    const { auth } = await openTab()
    await machine.until(auth.getKey())
    await machine.pass(LIFETIME_MS)
    expect(service.isDead((await machine.until(auth.getKey())).value)).toBe(false)
    expect(service.startsMs).toHaveLength(2)
  })
})

describe('a lease (rule 10)', () => {
  it('keeps the key good in a hidden page', async () => {
    showPage(false)
    const { auth } = await openTab()
    const told: AuthState[] = []
    lease(auth, state => told.push(state))
    await machine.pass(1000)
    expect(await isKept(auth, 6 * HOUR_MS)).toBe(true)
    expect(service.startsMs.length).toBeLessThanOrEqual(21)
    expect(told.at(-1)).toBe(auth.state)
  })

  it('ends with its release', async () => {
    showPage(false)
    const { auth } = await openTab()
    const listener = vi.fn<() => void>()
    auth.subscribe(() => {})
    const release = lease(auth, listener)
    expect(await isKept(auth, HOUR_MS)).toBe(true)
    const before = service.startsMs.length
    release()
    listener.mockClear()
    await machine.pass(12 * HOUR_MS)
    expect(service.startsMs).toHaveLength(before)
    expect(listener).not.toHaveBeenCalled()
  })

  it('of another connection goes on, and releasing twice releases one', async () => {
    showPage(false)
    const { auth } = await openTab()
    const release = lease(auth)
    const releaseOther = lease(auth)
    await machine.pass(1000)
    release()
    release()
    expect(await isKept(auth, HOUR_MS)).toBe(true)
    releaseOther()
    await machine.pass(HOUR_MS)
    expect(auth.peek()).toBeUndefined()
  })

  it('that begins when the key has died in a hidden page gets one at once', async () => {
    const { auth } = await openTab()
    auth.subscribe(() => {})
    await machine.pass(1000)
    showPage(false)
    await machine.pass(HOUR_MS)
    expect(auth.peek()).toBeUndefined()
    lease(auth)
    await machine.settle()
    expect(auth.state.status).toBe('ready')
    expect(await isKept(auth, HOUR_MS)).toBe(true)
  })

  it('is held by the auths that share a lifecycle, for all of them', async () => {
    showPage(false)
    const { createAuth } = await openPage(service)
    const [one, other] = [createAuth({ storage }), createAuth({ storage })]
    lease(one)
    other.subscribe(() => {})
    await machine.pass(1000)
    expect(await isKept(other, HOUR_MS)).toBe(true)
    one.dispose()
    const before = service.startsMs.length
    await machine.pass(HOUR_MS)
    expect(service.startsMs).toHaveLength(before)
  })

  it('renews nothing that was cleared', async () => {
    showPage(false)
    const { auth } = await openTab()
    lease(auth)
    await machine.pass(1000)
    await machine.until(auth.clear())
    await machine.pass(HOUR_MS)
    expect(service.startsMs).toHaveLength(1)
  })
})

describe('a laptop that slept through the end of its key (rules 8 and 10)', () => {
  const wakings: Record<string, () => void> = {
    'is seen': () => showPage(true),
    'comes out of the back/forward cache': () => happen('pageshow'),
    'is on line again': () => happen('online'),
    'tells everything at once': () => {
      for (const type of ['pageshow', 'online', 'pageshow']) happen(type)
      showPage(true)
    },
  }
  it.each(Object.keys(wakings).flatMap(how => [true, false].map(isMonotonicStopped => ({ how, isMonotonicStopped }))))(
    '$how: one request, at once (monotonic clock stopped: $isMonotonicStopped)',
    async ({ how, isMonotonicStopped }) => {
      const { auth } = await openTab()
      auth.subscribe(() => {})
      await machine.pass(5 * MINUTE_MS)
      machine.sleep(8 * HOUR_MS, { isMonotonicStopped })
      expect(auth.peek()).toBeUndefined()
      wakings[how]?.()
      await machine.settle()
      expect(service.startsMs).toHaveLength(2)
      expect(auth.state.status).toBe('ready')
      // The timers of before the sleep come late now.
      await machine.pass(15 * MINUTE_MS)
      expect(service.startsMs).toHaveLength(2)
      expect(await isKept(auth, HOUR_MS)).toBe(true)
    },
  )

  it('and says nothing: a caller gets a new key, for one request', async () => {
    const { auth } = await openTab()
    auth.subscribe(() => {})
    await machine.pass(5 * MINUTE_MS)
    machine.sleep(8 * HOUR_MS)
    const keys = await machine.until(Promise.all([auth.getKey(), auth.getKey()]))
    for (const { value } of keys) expect(service.isDead(value)).toBe(false)
    await machine.pass(15 * MINUTE_MS)
    expect(service.startsMs).toHaveLength(2)
  })

  it('and was off line when it woke: the request is made when it is on line', async () => {
    const { auth } = await openTab()
    auth.subscribe(() => {})
    await machine.pass(5 * MINUTE_MS)
    machine.sleep(8 * HOUR_MS)
    const locks = fakeLocks()
    stubBrowser({ locks, onLine: false })
    showPage(true)
    await machine.pass(MINUTE_MS)
    expect(service.startsMs).toHaveLength(1)
    stubBrowser({ locks })
    happen('online')
    await machine.settle()
    expect(service.startsMs).toHaveLength(2)
    expect(auth.state.status).toBe('ready')
  })
})
