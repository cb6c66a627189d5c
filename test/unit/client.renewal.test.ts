import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuthState } from '../../src/index.ts'
import { fakeAirwaves } from './fake-browser.ts'
import { fakeChance, fakeMachine, fakeTimedService, mostInAMinute } from './fake-machine.ts'
import { fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'

const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

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

/** A tab with a subscriber and a key, and everything that the subscriber is told. */
async function subscribedTab() {
  const tab = await openTab()
  const told: AuthState[] = []
  tab.auth.subscribe(state => told.push(state))
  await machine.settle()
  expect(tab.auth.state.status).toBe('ready')
  return { ...tab, told }
}

const broken = () => new Response('', { status: 503 })

describe('a subscriber’s key (rules 9 and 10)', () => {
  it('is good at every moment of a day, for 78 requests', async () => {
    const { auth, told } = await subscribedTab()
    for (let ms = 0; ms < DAY_MS; ms += MINUTE_MS / 2) {
      await machine.pass(MINUTE_MS / 2)
      expect(service.isDead(auth.peek()?.value ?? '')).toBe(false)
    }
    expect(new Set(told.slice(1).map(({ status }) => status))).toEqual(new Set(['ready']))
    expect(service.startsMs.length).toBeGreaterThanOrEqual(75)
    expect(service.startsMs.length).toBeLessThanOrEqual(81)
  })

  it('is renewed one to two minutes before its end, not always at the same moment', async () => {
    await subscribedTab()
    await machine.pass(6 * HOUR_MS)
    const beforeEndMs = service.startsMs.slice(1).map((atMs, index) => service.startsMs[index]! + 20 * MINUTE_MS - atMs)
    expect(Math.min(...beforeEndMs)).toBeGreaterThanOrEqual(MINUTE_MS)
    // A key's own start is a whole second, and so its end may be earlier by one.
    expect(Math.max(...beforeEndMs)).toBeLessThanOrEqual(2 * MINUTE_MS + 1000)
    expect(new Set(beforeEndMs).size).toBeGreaterThan(10)
  })

  it('is one for five tabs, and so are the requests of a day', async () => {
    const tabs = []
    for (let tab = 0; tab < 5; tab++) tabs.push(await subscribedTab())
    await machine.pass(DAY_MS)
    expect(service.startsMs.length).toBeGreaterThanOrEqual(75)
    // Whoever comes first renews for all, so it is a little earlier.
    expect(service.startsMs.length).toBeLessThanOrEqual(82)
    expect(mostInAMinute(service.startsMs)).toBe(1)
    expect(new Set(tabs.map(({ auth }) => auth.peek()?.value)).size).toBe(1)
    expect(tabs.flatMap(({ told }) => told.slice(1)).every(({ status }) => status === 'ready')).toBe(true)
  })

  it.each([30, 60, 240, 7200])('that lives for %i s is renewed in its last half, in time', async lifetimeSeconds => {
    service.lifetimeSeconds = lifetimeSeconds
    const { auth } = await subscribedTab()
    for (let step = 0; step < 20 * 30; step++) {
      await machine.pass((lifetimeSeconds * 1000) / 30)
      expect(service.isDead(auth.peek()?.value ?? '')).toBe(false)
    }
    expect(service.startsMs.length).toBeGreaterThanOrEqual(20)
    expect(service.startsMs.length).toBeLessThanOrEqual(41)
  })

  // From 27 s on it may be one of 30 s, whose own start lies a little before our clock's.
  it.each([1, 10, 26])('that lives for %i s is not renewed by timer, and its end is told', async lifetimeSeconds => {
    service.lifetimeSeconds = lifetimeSeconds
    const { auth, told } = await subscribedTab()
    await machine.pass(HOUR_MS)
    expect(service.startsMs).toHaveLength(1)
    expect(auth.state).toMatchObject({ status: 'idle', key: undefined })
    expect(told.at(-1)).toBe(auth.state)
  })

  it('that lives for 60 days is waited for in pieces of a minute: timers stand still in a sleep', async () => {
    service.lifetimeSeconds = 5_184_000
    const { auth } = await subscribedTab()
    await machine.pass(59.9 * DAY_MS)
    expect(service.startsMs).toHaveLength(1)
    await machine.pass(0.1 * DAY_MS)
    expect(service.startsMs).toHaveLength(2)
    expect(auth.peek()?.value).toBe(service.given[1])
    // A request's deadlines come besides.
    const pieces = machine.delaysMs.filter(delayMs => delayMs > 20_000)
    expect(pieces.every(delayMs => delayMs <= MINUTE_MS)).toBe(true)
    expect(pieces.length).toBeLessThan(60 * 24 * 60 + 60)
    expect(machine.delaysMs.every(delayMs => delayMs >= 0)).toBe(true)
  })

  it.each([true, false])(
    'is renewed within a minute of a sleep of which no event tells (clock stopped: %s)',
    async stopped => {
      const { auth, told } = await subscribedTab()
      await machine.pass(5 * MINUTE_MS)
      machine.sleep(8 * HOUR_MS, { isMonotonicStopped: stopped })
      await machine.pass(MINUTE_MS)
      expect(service.startsMs).toHaveLength(2)
      expect([auth.state.status, told.at(-1)?.status]).toEqual(['ready', 'ready'])
    },
  )

  it('a deadline that no timer can wait for does not come at once', async () => {
    const { auth } = (await openPage(service)).watchedAuth({ storage, timeoutMs: 1e12 })
    const release = service.hold()
    const pending = auth.getKey()
    await machine.settle()
    expect(machine.delaysMs).toContain(LONGEST_TIMEOUT_MS)
    expect(Math.max(...machine.delaysMs)).toBe(LONGEST_TIMEOUT_MS)
    release()
    expect((await machine.until(pending)).value).toBe(service.given[0])
  })
})

describe('without a subscriber (rule 10)', () => {
  it('an idle page makes no request and starts no timer', async () => {
    const { auth } = await openTab()
    await machine.pass(DAY_MS)
    expect([service.startsMs.length, machine.delaysMs.length]).toEqual([0, 0])
    await machine.until(auth.getKey())
    const timers = machine.delaysMs.length
    await machine.pass(DAY_MS)
    expect([service.startsMs.length, machine.delaysMs.length]).toEqual([1, timers])
  })

  it('nothing is renewed after the last one has left', async () => {
    const { auth } = await openTab()
    const leave = [auth.subscribe(() => {}), auth.subscribe(() => {})]
    await machine.pass(HOUR_MS)
    const { length } = service.startsMs
    leave[0]?.()
    await machine.pass(HOUR_MS)
    expect(service.startsMs.length).toBeGreaterThan(length)
    leave[1]?.()
    const last = service.startsMs.length
    await machine.pass(DAY_MS)
    expect(service.startsMs).toHaveLength(last)
  })
})

describe('a caller each second, and a subscriber (rule 3)', () => {
  it.each([1, 2, 10, 60, 240])(
    'with keys of %i s makes never more than five requests a minute',
    async lifetimeSeconds => {
      service.lifetimeSeconds = lifetimeSeconds
      const { auth } = await openTab()
      auth.subscribe(() => {})
      const pending: Promise<unknown>[] = []
      for (let second = 0; second < 900; second++) {
        const call = auth.getKey().then(
          ({ value }) => service.isDead(value) && 'dead',
          ({ code }: { code: string }) => code,
        )
        pending.push(call)
        await machine.pass(1000)
      }
      const outcomes = await machine.until(Promise.all(pending))
      expect(mostInAMinute(service.startsMs)).toBeLessThanOrEqual(5)
      expect(new Set(outcomes)).toEqual(new Set(lifetimeSeconds < 9 ? [false, 'rate_limited'] : [false]))
    },
  )
})

describe('a caller after renewal is due (rule 9)', () => {
  it('gets the old key at once, and it is renewed meanwhile, for one request', async () => {
    const { auth } = await openTab()
    const old = await machine.until(auth.getKey())
    await machine.pass(17.9 * MINUTE_MS)
    expect(await machine.until(auth.getKey())).toBe(old)
    expect(service.startsMs).toHaveLength(1)
    await machine.pass(1.2 * MINUTE_MS)
    const release = service.hold()
    for (let call = 0; call < 10; call++) expect(await machine.until(auth.getKey(), 0)).toBe(old)
    expect(service.asked).toHaveLength(2)
    expect(auth.state).toMatchObject({ status: 'ready', key: old })
    release()
    await machine.settle()
    expect((await machine.until(auth.getKey(), 0)).value).toBe(service.given[1])
    expect(service.asked).toHaveLength(2)
  })

  it('waits for it when the old key dies meanwhile', async () => {
    const { auth } = await openTab()
    const old = await machine.until(auth.getKey())
    await machine.pass(19.95 * MINUTE_MS)
    const release = service.hold()
    expect(await machine.until(auth.getKey(), 0)).toBe(old)
    await machine.pass(0.05 * MINUTE_MS)
    const pending = auth.getKey()
    release()
    expect((await machine.until(pending)).value).toBe(service.given[1])
    expect(service.asked).toHaveLength(2)
  })
})

describe('a renewal that fails (rule 4)', () => {
  it('is told to onEvent only, while the old key is good', async () => {
    const { auth, told, types } = await subscribedTab()
    const { answerKey } = service
    const old = auth.peek()
    const { length } = told
    await machine.pass(17.9 * MINUTE_MS)
    service.answerKey = broken
    await machine.pass(1.9 * MINUTE_MS)
    expect(types().filter(type => type === 'failure').length).toBeGreaterThan(2)
    expect(told).toHaveLength(length)
    expect(auth.state).toMatchObject({ status: 'ready', key: old, error: undefined, retryAtMs: undefined })
    expect(await machine.until(auth.getKey(), 0)).toBe(old)
    expect(mostInAMinute(service.asked.map(({ atMs }) => atMs))).toBeLessThanOrEqual(3)
    // The end of it is told, and the next success.
    await machine.pass(MINUTE_MS / 2)
    expect(told.at(-1)).toMatchObject({ key: undefined })
    service.answerKey = answerKey
    await machine.pass(2 * MINUTE_MS)
    expect(told.at(-1)).toMatchObject({ status: 'ready', error: undefined })
    expect(auth.peek()).toBe(told.at(-1)?.key)
  })
})
