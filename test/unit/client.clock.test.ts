import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/index.ts'
import { fakeMachine, fakeTimedService, mostInAMinute } from './fake-machine.ts'
import { fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'

const LIFETIME_MS = 20 * MINUTE_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** By how much a clock is set: also so that a key seems to have all of its time before it, or nothing. */
const SETTINGS = [MINUTE_MS, 10 * MINUTE_MS, LIFETIME_MS - 20_000, LIFETIME_MS + MINUTE_MS, DAY_MS].flatMap(ms => [
  ms,
  -ms,
])

let machine: ReturnType<typeof fakeMachine>
let service: ReturnType<typeof fakeTimedService>
let storage: ReturnType<typeof fakeStorage>

beforeEach(() => begin())
afterEach(tidyUp)

/** A machine, a service and a disk of their own. */
function begin(): void {
  vi.restoreAllMocks()
  stubBrowser({ locks: fakeLocks() })
  // The same jitter each time, so that sessions can be compared.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  machine = fakeMachine({ turns: 4 })
  service = fakeTimedService(machine)
  storage = fakeStorage()
}

const openTab = async () => (await openPage(service)).createAuth({ storage })

/** A subscriber, and a caller every 10 s; `mayBeDead`: no page can know when a key dies that was stored by another. */
async function use(auth: Auth, durationMs: number, mayBeDead = false): Promise<void> {
  const unsubscribe = auth.subscribe(() => {})
  for (let ms = 0; ms < durationMs; ms += 10_000) {
    const key = await machine.until(auth.getKey())
    expect(!mayBeDead && service.isDead(key.value)).toBe(false)
    await machine.pass(10_000)
  }
  unsubscribe()
}

/** How many requests a visit makes, with something that happens in the midst of it. */
async function visit(durationMs: number, inBetween = () => {}): Promise<number> {
  const auth = await openTab()
  const before = service.startsMs.length
  await use(auth, durationMs / 2)
  inBetween()
  await use(auth, durationMs / 2)
  auth.dispose()
  return service.startsMs.length - before
}

describe('a clock that is wrong (rule 8)', () => {
  it.each([DAY_MS, -DAY_MS, 19 * MINUTE_MS + 40_000, -10 * MINUTE_MS])(
    'by %i ms from the beginning costs no request and no dead key',
    async wrongMs => {
      const expected = await visit(2 * HOUR_MS)
      expect(expected).toBeGreaterThan(5)
      begin()
      machine.wrongMs = wrongMs
      expect(await visit(2 * HOUR_MS)).toBe(expected)
    },
  )

  it.each(SETTINGS)('set by %i ms while the page is open costs one request at most, and no dead key', async byMs => {
    const expected = await visit(2 * HOUR_MS)
    begin()
    const count = await visit(2 * HOUR_MS, () => {
      machine.wrongMs += byMs
    })
    expect(count).toBeLessThanOrEqual(expected + 1)
    expect(mostInAMinute(service.startsMs)).toBeLessThanOrEqual(2)
  })

  it('set forth and back all the time, too: one for each time that it was set forward', async () => {
    const expected = await visit(2 * HOUR_MS)
    begin()
    const auth = await openTab()
    for (let time = 0; time < 12; time++) {
      await use(auth, 10 * MINUTE_MS)
      machine.wrongMs += time % 2 ? -DAY_MS : DAY_MS
    }
    expect(service.startsMs.length).toBeLessThanOrEqual(expected + 6)
  })

  it.each(SETTINGS)('set by %i ms between two visits costs one request a visit at most', async byMs => {
    const expected = (await visit(HOUR_MS)) + (await visit(HOUR_MS))
    begin()
    const first = await visit(HOUR_MS)
    machine.wrongMs += byMs
    const auth = await openTab()
    await use(auth, HOUR_MS, true)
    expect(service.startsMs.length).toBeLessThanOrEqual(expected + 1)
    expect(service.startsMs.length).toBeGreaterThanOrEqual(first)
    // From its own first request on, the page knows when its keys die.
    await use(auth, HOUR_MS)
  })

  it('set before each of ten short visits costs one request a visit at most', async () => {
    for (let time = 0; time < 10; time++) {
      await visit(2 * MINUTE_MS)
      machine.wrongMs += (time % 2 ? -1 : 1) * (DAY_MS - time * HOUR_MS)
    }
    expect(service.startsMs.length).toBeLessThanOrEqual(11)
  })
})

describe('tabs that are open while the clock is set back (rule 8)', () => {
  const storedOf = (name: string) => [...storage.content].find(([id]) => id.startsWith(name))?.[1]

  it.each([1500, 10 * MINUTE_MS, DAY_MS])('by %i ms agree: a newer key of one is adopted by the other', async byMs => {
    const [first, second] = [await openTab(), await openTab()]
    await machine.until(first.getKey())
    await machine.until(second.getKey())
    await machine.pass(5 * MINUTE_MS)
    machine.wrongMs -= byMs
    const renewed = await machine.until(second.getKey({ forceRefresh: true }))
    await machine.pass(5000)
    // Its own key would do no longer: it looks at storage, and finds the other's.
    const key = await machine.until(first.getKey({ minValidityMs: LIFETIME_MS - MINUTE_MS }))
    expect(key.value).toBe(renewed.value)
    expect(service.startsMs).toHaveLength(2)
    const again = await machine.until(first.getKey({ forceRefresh: true }))
    await machine.pass(5000)
    expect((await machine.until(second.getKey({ minValidityMs: LIFETIME_MS - MINUTE_MS }))).value).toBe(again.value)
    expect(service.startsMs).toHaveLength(3)
  })

  it('write moments of the machine’s clock, so that a page opened later takes their key', async () => {
    const first = await openTab()
    await machine.until(first.getKey())
    machine.wrongMs -= HOUR_MS
    await machine.pass(MINUTE_MS)
    const { wallMs } = machine
    const key = await machine.until(first.getKey({ forceRefresh: true }))
    expect(storedOf('key')).toMatchObject({ startedAtMs: wallMs, expiresAtMs: wallMs + LIFETIME_MS })
    expect(storedOf('starts')).toMatchObject({ starts: [wallMs] })
    // Within the page it is the page's time.
    expect(key.obtainedAtMs).toBe(wallMs + HOUR_MS)
    const taken = await machine.until((await openTab()).getKey())
    expect(taken.value).toBe(key.value)
    expect(taken.obtainedAtMs).toBe(wallMs)
    expect(service.startsMs).toHaveLength(2)
  })

  it('know together when their key dies', async () => {
    const [first, second] = [await openTab(), await openTab()]
    await machine.until(first.getKey())
    await machine.until(second.getKey())
    machine.wrongMs -= DAY_MS
    await machine.pass(LIFETIME_MS)
    expect([first.peek(), second.peek()]).toEqual([undefined, undefined])
    const keys = await machine.until(Promise.all([first.getKey(), second.getKey()]))
    for (const { value } of keys) expect(service.isDead(value)).toBe(false)
    expect(service.startsMs).toHaveLength(2)
  })

  it('still count five starts a minute, and heed a block (rule 3)', async () => {
    const [first, second] = [await openTab(), await openTab()]
    await machine.until(first.getKey())
    await machine.until(second.getKey())
    machine.wrongMs -= DAY_MS
    const asked = [first, second, first, second, first, second, first].map(auth =>
      auth.getKey({ forceRefresh: true, maxWaitMs: 0 }).catch(() => {}),
    )
    for (const each of asked) await machine.until(each)
    for (let time = 0; time < 8; time++) {
      await machine.pass(500)
      const auth = time % 2 ? first : second
      await machine.until(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }).catch(() => {}))
    }
    // The one before the clock was set is from the future now, and dropped.
    expect(service.startsMs).toHaveLength(6)
  })
})
