import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeMachine, fakeTimedService, mostInAMinute } from './fake-machine.ts'
import { FILES, fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'

const LIFETIME_MS = 20 * MINUTE_MS
const HOUR_MS = 60 * MINUTE_MS

let machine: ReturnType<typeof fakeMachine>
let service: ReturnType<typeof fakeTimedService>
let storage: ReturnType<typeof fakeStorage>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  machine = fakeMachine({ turns: 4 })
  service = fakeTimedService(machine)
  storage = fakeStorage()
})
afterEach(tidyUp)

const openTab = async () => (await openPage(service)).createAuth({ storage })
const keyRecord = () => [...storage.content].find(([id]) => id.startsWith('key'))?.[1]

/** A page whose first key was refused as expired, five minutes after it came. */
async function pageOnceRefused() {
  const auth = await openTab()
  const first = await machine.until(auth.getKey())
  await machine.pass(5 * MINUTE_MS)
  service.deathsMs.set(first.value, machine.trueMs)
  expect((await machine.until(auth.fetch(FILES))).status).toBe(200)
  expect(service.startsMs).toHaveLength(2)
  return auth
}

describe('a key that was refused as expired before its time (rule 7)', () => {
  it('makes the claims of later keys count, which a service with older keys shows', async () => {
    const auth = await pageOnceRefused()
    expect(keyRecord()).toMatchObject({ trustsClaims: true })
    // Its keys come out of a cache, and are nine minutes old.
    service.oldMs = 9 * MINUTE_MS
    await machine.pass(MINUTE_MS)
    const key = await machine.until(auth.getKey({ forceRefresh: true }))
    expect(key.expiresAtMs).toBe(machine.wallMs + 11 * MINUTE_MS)
    expect(keyRecord()).toMatchObject({ trustsClaims: true })
  })

  it.each([31, 60, 300])('a key that has %i s by its claims is used so long', async leftSeconds => {
    const auth = await pageOnceRefused()
    service.oldMs = LIFETIME_MS - leftSeconds * 1000
    await machine.pass(MINUTE_MS)
    const key = await machine.until(auth.getKey({ forceRefresh: true }))
    expect(key.expiresAtMs).toBe(machine.wallMs + leftSeconds * 1000)
  })

  it.each([29, 1, -600])(
    'with %i s it is used for 30 s, and claims do not count any more (rule 8)',
    async leftSeconds => {
      const auth = await pageOnceRefused()
      service.oldMs = LIFETIME_MS - leftSeconds * 1000
      await machine.pass(MINUTE_MS)
      const key = await machine.until(auth.getKey({ forceRefresh: true }))
      expect(key.expiresAtMs).toBe(machine.wallMs + 30_000)
      expect(keyRecord()).toMatchObject({ trustsClaims: false })
    },
  )
})

describe('a clock that is wrong besides (rule 8)', () => {
  /** A subscriber, and a caller every 10 s who sends something. */
  async function use(auth: Awaited<ReturnType<typeof openTab>>, durationMs: number): Promise<void> {
    auth.subscribe(() => {})
    for (let ms = 0; ms < durationMs; ms += 10_000) {
      expect((await machine.until(auth.fetch(FILES))).status).toBe(200)
      await machine.pass(10_000)
    }
  }

  it.each([
    19 * MINUTE_MS + 40_000,
    19 * MINUTE_MS + 20_000,
    20 * MINUTE_MS,
    24 * HOUR_MS,
    -5 * MINUTE_MS,
    -24 * HOUR_MS,
  ])('that runs fast by %i ms after it makes no loop', async fastMs => {
    const auth = await pageOnceRefused()
    machine.wrongMs = fastMs
    const before = service.startsMs.length
    await use(auth, 2 * HOUR_MS)
    // Seven with a right clock; one because it was set, and one until the claims do not count any more.
    expect(service.startsMs.length - before).toBeLessThanOrEqual(9)
    expect(mostInAMinute(service.startsMs)).toBeLessThanOrEqual(3)
  })

  it('from the beginning makes no loop, whatever the service refuses', async () => {
    machine.wrongMs = 19 * MINUTE_MS + 40_000
    const auth = await pageOnceRefused()
    const before = service.startsMs.length
    await use(auth, 2 * HOUR_MS)
    expect(service.startsMs.length - before).toBeLessThanOrEqual(9)
  })

  it('is known by the next page, too: the flag is in the record', async () => {
    const auth = await pageOnceRefused()
    auth.dispose()
    expect(keyRecord()).toMatchObject({ trustsClaims: true })
    machine.wrongMs = 19 * MINUTE_MS + 40_000
    let count = 0
    for (let visit = 0; visit < 12; visit++) {
      const before = service.startsMs.length
      const tab = await openTab()
      await use(tab, 10 * MINUTE_MS)
      tab.dispose()
      count += service.startsMs.length - before
    }
    expect(count).toBeLessThanOrEqual(9)
  })
})

it('older keys are refused once, and from then on none is used longer than the service takes it (rule 7)', async () => {
  service.oldMs = 9 * MINUTE_MS
  const auth = await openTab()
  auth.subscribe(() => {})
  for (let ms = 0; ms < 2 * HOUR_MS; ms += 10_000) {
    expect((await machine.until(auth.fetch(FILES))).status).toBe(200)
    await machine.pass(10_000)
  }
  expect(service.refusedCount).toBe(1)
})
