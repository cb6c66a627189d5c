import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeAirwaves } from './fake-browser.ts'
import { fakeMachine, fakeTimedService } from './fake-machine.ts'
import { failureOf, fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'

const RENEWAL_MS = 18.5 * MINUTE_MS

let machine: ReturnType<typeof fakeMachine>
let service: ReturnType<typeof fakeTimedService>
let storage: ReturnType<typeof fakeStorage>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  fakeAirwaves()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  machine = fakeMachine({ turns: 6 })
  service = fakeTimedService(machine)
  storage = fakeStorage()
})
afterEach(tidyUp)

const openTab = async () => (await openPage(service)).watchedAuth({ storage })
const stored = () => JSON.stringify([...storage.content])
const keyRecord = () =>
  [...storage.content].find(([id]) => id.startsWith('key'))?.[1] as { key: string; generation: number }

describe.each(['with locks', 'without'])('clear against a request in flight in another tab (rule 16), %s', how => {
  beforeEach(() => {
    if (how === 'without') stubBrowser()
  })

  it('its result is discarded everywhere, and who asked gets a key of the new generation', async () => {
    const [asking, clearing] = [await openTab(), await openTab()]
    const release = service.hold()
    const pending = asking.auth.getKey()
    await machine.settle()
    await machine.until(clearing.auth.clear())
    release()
    const key = await machine.until(pending)
    expect(service.given).toHaveLength(2)
    expect(key.value).toBe(service.given[1])
    expect(keyRecord().key).toBe(key.value)
    expect(stored()).not.toContain(service.given[0])
    // Of the first nobody ever heard.
    expect(asking.types()).toEqual(['key'])
    expect((await machine.until(clearing.auth.getKey())).value).toBe(key.value)
    expect(service.startsMs).toHaveLength(2)
  })

  it('a renewal by timer ends without a new request, and without a key', async () => {
    const [renewing, clearing] = [await openTab(), await openTab()]
    renewing.auth.subscribe(() => {})
    await machine.pass(1000)
    expect(service.startsMs).toHaveLength(1)
    const release = service.hold()
    await machine.pass(RENEWAL_MS)
    expect(service.asked).toHaveLength(2)
    await machine.until(clearing.auth.clear())
    await machine.settle()
    expect(renewing.auth.peek()).toBeUndefined()
    release()
    await machine.pass(60 * MINUTE_MS)
    expect(service.asked).toHaveLength(2)
    expect(renewing.auth.state).toMatchObject({ status: 'idle' })
    expect(renewing.types()).toEqual(['key', 'cleared'])
    for (const key of service.given) expect(stored()).not.toContain(key)
  })

  it('a caller who joined that renewal gets a key of the new generation', async () => {
    const [renewing, clearing] = [await openTab(), await openTab()]
    renewing.auth.subscribe(() => {})
    await machine.pass(1000)
    const release = service.hold()
    await machine.pass(RENEWAL_MS)
    const pending = renewing.auth.getKey({ forceRefresh: true })
    await machine.until(clearing.auth.clear())
    release()
    const key = await machine.until(pending)
    expect(key.value).toBe(service.given[2])
    expect(keyRecord().key).toBe(key.value)
  })
})

describe('clear (rule 16)', () => {
  it('in the tab that renews by timer makes no new request either', async () => {
    const { auth, types } = await openTab()
    auth.subscribe(() => {})
    await machine.pass(1000)
    const release = service.hold()
    await machine.pass(RENEWAL_MS)
    expect(service.asked).toHaveLength(2)
    await machine.until(auth.clear())
    release()
    await machine.pass(60 * MINUTE_MS)
    expect(service.asked).toHaveLength(2)
    expect(auth.state).toMatchObject({ status: 'idle' })
    expect(types()).toEqual(['key', 'cleared'])
  })

  it('ends the renewals of who subscribes until somebody wants a key again', async () => {
    const { auth } = await openTab()
    auth.subscribe(() => {})
    await machine.pass(1000)
    await machine.until(auth.clear())
    await machine.pass(60 * MINUTE_MS)
    expect(service.startsMs).toHaveLength(1)
    await machine.until(auth.getKey())
    expect(service.startsMs).toHaveLength(2)
    await machine.pass(RENEWAL_MS + 1000)
    expect(service.startsMs).toHaveLength(3)
  })

  it('is over for who asks after it, though it is not awaited', async () => {
    const { auth } = await openTab()
    const key = await machine.until(auth.getKey())
    const clearing = auth.clear()
    const next = await machine.until(auth.getKey())
    await machine.until(clearing)
    expect(next.value).not.toBe(key.value)
    expect(keyRecord().key).toBe(next.value)
  })

  it('raises the generation each time, by one write (rule 1)', async () => {
    const [first, second] = [await openTab(), await openTab()]
    await machine.until(first.auth.getKey())
    const generations = [keyRecord().generation]
    storage.writes.length = 0
    for (const { auth } of [first, second, second]) {
      await machine.until(auth.clear())
      generations.push(keyRecord().generation)
      expect(keyRecord().key).toBe('')
    }
    expect(storage.writes).toHaveLength(3)
    expect(new Set(generations).size).toBe(4)
    expect(generations).toEqual([...generations].sort((one, other) => one - other))
    expect((await machine.until(second.auth.getKey())).value).toBe(service.given[1])
  })

  it('keeps the starts: five a minute, whoever clears (rule 3)', async () => {
    const [first, second] = [await openTab(), await openTab()]
    for (let time = 0; time < 5; time++) {
      await machine.until((time % 2 ? first : second).auth.getKey({ maxWaitMs: 0 }))
      await machine.until((time % 3 ? first : second).auth.clear())
    }
    const error = await machine.until(failureOf(first.auth.getKey({ maxWaitMs: 0 })))
    expect(error).toMatchObject({ code: 'rate_limited' })
    expect(service.startsMs).toHaveLength(5)
  })

  it('keeps a block of the service (rule 3)', async () => {
    const { auth } = await openTab()
    const { answerKey } = service
    service.answerKey = () => new Response('', { status: 429 })
    await machine.until(failureOf(auth.getKey({ maxWaitMs: 0 })))
    service.answerKey = answerKey
    await machine.until(auth.clear())
    expect(await machine.until(failureOf(auth.getKey({ maxWaitMs: 0 })))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(1)
  })

  it('reaches a tab that was open before the clock was set back, from a page that came after it (rule 8)', async () => {
    const { auth: open } = await openTab()
    await machine.until(open.getKey())
    await machine.until(open.clear())
    await machine.until(open.getKey())
    machine.wrongMs -= 60 * MINUTE_MS
    await machine.pass(MINUTE_MS)
    const { auth: later } = await openTab()
    await machine.until(later.clear())
    await machine.settle()
    expect(open.peek()).toBeUndefined()
  })

  it('discards what a page begins that has not heard of it: without a channel', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    const [first, second] = [await openTab(), await openTab()]
    await machine.until(first.auth.getKey())
    await machine.until(second.auth.getKey())
    await machine.until(second.auth.clear())
    // It holds its key until it looks at storage: at the next need of one.
    const key = await machine.until(first.auth.getKey({ minValidityMs: 60 * MINUTE_MS }))
    expect(first.types()).toEqual(['key', 'cleared', 'key'])
    expect(key.value).toBe(service.given[1])
  })
})
