import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthState } from '../../src/index.ts'
import { happen } from './fake-browser.ts'
import { FILES, failureOf, fakeLocks, fakeStorage, MINUTE_MS, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, settle, watch } from './time.ts'

let locks: ReturnType<typeof fakeLocks>

beforeEach(() => {
  stubBrowser({ locks: (locks = fakeLocks()) })
  freezeTime()
})
afterEach(tidyUp)

async function setUp() {
  const storage = fakeStorage()
  const page = await openPage()
  const { auth, events } = page.watchedAuth({ storage })
  const callers: ReturnType<typeof watch>[] = []
  const world = { ...page, auth, events, storage, callers, ask: () => callers.push(watch(auth.getKey())) }
  return world
}
type World = Awaited<ReturnType<typeof setUp>>

const never = () => new Promise<never>(() => {})
const broken = () => new Response('', { status: 503 })
const tooMany = () => new Response('', { status: 429, headers: { 'Retry-After': '10' } })

/** Every state in which an auth can be when it is disposed. */
const states: Record<string, (world: World) => Promise<void> | void> = {
  idle: () => {},
  'asked in this very task': ({ ask }) => void ask(),
  'loading, its request under way': async ({ ask, service }) => {
    service.hold()
    ask()
    await settle()
    expect(service.asked).toHaveLength(1)
  },
  'loading, the body of its answer under way': async ({ ask, service }) => {
    service.answerKey = () => new Response(new ReadableStream())
    ask()
    await settle()
    expect(service.asked).toHaveLength(1)
  },
  'waiting for a limit': async ({ ask, auth, service }) => {
    service.answerKey = tooMany
    ask()
    await settle()
    expect(auth.state).toMatchObject({ status: 'loading', retryAtMs: expect.any(Number) })
  },
  'waiting for a back-off': async ({ ask, auth, service }) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    service.answerKey = broken
    ask()
    await settle()
    expect(auth.state).toMatchObject({ status: 'loading', retryAtMs: expect.any(Number) })
  },
  ready: async ({ auth }) => void (await auth.getKey()),
  'ready, with a renewal under way': async ({ auth, service }) => {
    await auth.getKey()
    await passTime(19.5 * MINUTE_MS)
    service.hold()
    await auth.getKey()
    await settle()
    expect(service.asked).toHaveLength(2)
  },
  error: async ({ auth, service }) => {
    service.answerKey = broken
    await failureOf(auth.getKey({ maxWaitMs: 0 }))
  },
  'subscribed, before it began': ({ auth }) => void auth.subscribe(() => {}),
  'subscribed, with a timer for renewal': async ({ auth }) => {
    auth.subscribe(() => {})
    await settle()
    expect(vi.getTimerCount()).toBe(1)
  },
  'subscribed, with a timer for the next attempt': async ({ auth, service }) => {
    service.answerKey = broken
    auth.subscribe(() => {})
    await settle()
    expect(vi.getTimerCount()).toBe(1)
  },
  'reading a storage that hangs': async ({ ask, storage }) => {
    storage.pause = never
    ask()
    await settle()
    expect(storage.reads).toBe(1)
  },
  'waiting for the lock': async ({ ask }) => {
    locks.isStuck = true
    ask()
    await settle()
    expect(locks.waiting).toBe(1)
  },
  'waiting for another tab’s request, without locks': async ({ ask, service, storage }) => {
    stubBrowser()
    service.hold()
    const holder = (await openPage(service)).createAuth({ storage })
    watch(holder.getKey())
    await settle()
    ask()
    await settle()
    expect(service.asked).toHaveLength(1)
    // Its ticket stays, as that of a tab that was closed.
    holder.dispose()
    await settle()
    expect(vi.getTimerCount()).toBe(1)
  },
}

describe('dispose by the last user (rule 17)', () => {
  it.each(Object.entries(states))('%s: all is over', async (_, bring) => {
    const world = await setUp()
    const { auth, events, service, storage, callers } = world
    const heard: AuthState[] = []
    await bring(world)
    auth.subscribe(state => heard.push(state))
    const [asked, writes, told] = [service.asked.length, storage.writes.length, events.length]
    auth.dispose()

    // Timers end in the same task, or with the promises that they race.
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    for (const caller of callers) expect(caller.error).toMatchObject({ name: 'AuthError', code: 'disposed' })
    storage.pause = undefined
    locks.isStuck = false
    for (const event of ['online', 'pageshow', 'visibilitychange']) happen(event)
    await passTime(30 * MINUTE_MS)
    expect([service.asked.length, storage.writes.length]).toEqual([asked, writes])
    expect([events.length, heard.length]).toEqual([told, 0])
    expect([locks.held, locks.waiting, vi.getTimerCount()]).toEqual([0, 0, 0])
    // No request of its is left either.
    expect(service.asked.every(({ init }) => init.signal?.aborted)).toBe(true)

    expect(auth.peek()).toBeUndefined()
    for (const call of [
      () => auth.getKey(),
      () => auth.getKey({ forceRefresh: true, maxWaitMs: MINUTE_MS }),
      () => auth.sign(FILES),
      () => auth.fetch(FILES),
      () => auth.invalidate('SASS_some_key'),
      () => auth.clear(),
      async () => auth.subscribe(() => {}),
    ]) {
      expect(await failureOf(call())).toMatchObject({ name: 'AuthError', code: 'disposed' })
    }
    await passTime(MINUTE_MS)
    expect([service.asked.length, storage.writes.length]).toEqual([asked, writes])
  })

  // A read, one under the lock, one of the starts, the start, and the outcome.
  it.each([1, 2, 3, 4, 5])('while step %i of storage is under way: nothing is begun after it', async step => {
    const { auth, service, storage, ask, callers } = await setUp()
    let steps = 0
    let goOn = () => {}
    storage.pause = () => new Promise(resolve => (++steps === step ? (goOn = resolve) : resolve()))
    ask()
    await settle()
    expect(steps).toBe(step)
    const [asked, writes] = [service.asked.length, storage.writes.length]
    auth.dispose()
    goOn()
    await passTime(MINUTE_MS)
    expect(callers[0]!.error).toMatchObject({ code: 'disposed' })
    expect(service.asked).toHaveLength(asked)
    // What was handed to the store before cannot be taken back.
    expect(storage.writes.length).toBeLessThanOrEqual(writes + (step > 3 ? 1 : 0))
    expect([locks.held, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('while storage is read and another tab holds the lock: it is not waited for', async () => {
    const { auth, service, storage, ask } = await setUp()
    const holder = (await openPage(service)).createAuth({ storage })
    service.hold()
    watch(holder.getKey())
    await settle()
    expect(locks.held).toBe(1)
    let goOn = () => {}
    storage.pause = () => new Promise(resolve => (goOn = resolve))
    ask()
    await settle()
    auth.dispose()
    goOn()
    await settle()
    expect(locks.waiting).toBe(0)
    holder.dispose()
    await settle()
    expect([locks.held, vi.getTimerCount()]).toEqual([0, 0])
  })

  it.each(['clear', 'invalidate'])('in the middle of %s: no more than that is written', async how => {
    const { auth, storage } = await setUp()
    const key = await auth.getKey()
    const writes = storage.writes.length
    const written = watch(how === 'clear' ? auth.clear() : auth.invalidate(key))
    auth.dispose()
    await passTime(MINUTE_MS)
    expect(storage.writes.length).toBeLessThanOrEqual(writes + 1)
    expect('value' in written || 'error' in written).toBe(true)
  })
})

describe('dispose by one of two users (rule 17)', () => {
  it('ends his subscription: he hears nothing, and no key is kept good for him', async () => {
    const { auth, createAuth, service, storage } = await setUp()
    const other = createAuth({ storage })
    const listener = vi.fn<() => void>()
    auth.subscribe(listener)
    auth.dispose()
    await other.getKey()
    await passTime(30 * MINUTE_MS)
    expect(listener).not.toHaveBeenCalled()
    expect(service.asked).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(Object.entries(states).filter(([name]) => name !== 'idle' && !name.includes('another tab')))(
    '%s: the other one goes on',
    async (name, bring) => {
      const world = await setUp()
      const { auth, createAuth, service, storage } = world
      const other = createAuth({ storage })
      await bring(world)
      const mine = watch(auth.getKey({ forceRefresh: true }))
      watch(other.getKey())
      auth.dispose()
      await settle()
      expect(mine.error).toMatchObject({ code: 'disposed' })
      // The signal of a request that is over is aborted, too.
      const isUnderWay = name.includes('under way')
      expect(isUnderWay && service.asked.at(-1)!.init.signal?.aborted).toBe(false)
      service.answerKey = () => service.give('SASS_for_the_other_one')
      storage.pause = undefined
      locks.isStuck = false
      await passTime(MINUTE_MS)
      expect((await other.getKey()).value).toMatch(/^SASS_/)
      expect(other.state.status).toBe('ready')
    },
  )
})
