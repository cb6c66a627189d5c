import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, fakeLocks, fakeService, openPage, stubBrowser, tidyUp } from './fakes.ts'

beforeEach(() => stubBrowser({ locks: fakeLocks() }))
afterEach(tidyUp)

const openPages = async (count: number, service = fakeService()) => {
  const pages = []
  for (let page = 0; page < count; page++) pages.push(await openPage(service))
  return pages
}

/** What all of them get who ask while the answer to the first is held back. */
async function keysOfSlowRequest(
  pages: Awaited<ReturnType<typeof openPages>>,
  service: ReturnType<typeof fakeService>,
) {
  const release = service.hold()
  const keys = Promise.all(pages.map(({ auth }) => auth.getKey()))
  await vi.waitFor(() => expect(service.asked).toHaveLength(1))
  release()
  return new Set((await keys).map(({ value }) => value))
}

describe('several tabs', () => {
  it('make one request together (rule 2)', async () => {
    const service = fakeService()
    const pages = await openPages(8, service)
    const keys = await Promise.all(pages.map(({ auth }) => auth.getKey()))
    expect(new Set(keys.map(({ value }) => value)).size).toBe(1)
    expect(service.asked).toHaveLength(1)
  })

  it('make one request together when the service is slow (rule 2)', async () => {
    const service = fakeService()
    const pages = await openPages(5, service)
    expect((await keysOfSlowRequest(pages, service)).size).toBe(1)
    expect(service.asked).toHaveLength(1)
  })

  it.each(['absent', 'throwing'])('make one request together where locks are %s: the ticket (rule 2)', async how => {
    const throwing = {
      request: () => {
        throw new DOMException('sandboxed', 'SecurityError')
      },
    }
    stubBrowser(how === 'absent' ? {} : { locks: throwing })
    const service = fakeService()
    const pages = await openPages(4, service)
    expect((await keysOfSlowRequest(pages, service)).size).toBe(1)
    expect(service.asked).toHaveLength(1)
  })

  it('a ticket whose request failed is free again (rule 2)', async () => {
    stubBrowser()
    const service = fakeService()
    const [first, second] = await openPages(2, service)
    const { answerKey } = service
    service.answerKey = () => new Response('', { status: 503 })
    expect(await failureOf(first!.auth.getKey({ maxWaitMs: 0 }))).toMatchObject({ code: 'server' })
    service.answerKey = answerKey
    expect((await second!.auth.getKey()).value).toBe(service.given[0])
    expect(service.asked).toHaveLength(2)
  })

  it('do without a lock that never comes, and nobody fails of it (rule 2)', async () => {
    const locks = fakeLocks({ isStuck: true })
    stubBrowser({ locks })
    const service = fakeService()
    const pages = await openPages(2, service)
    const auths = pages.map(({ createAuth }) => createAuth({ timeoutMs: 1000, cacheScope: 'stuck' }))
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    let values: string[] = []
    void Promise.all(auths.map(auth => auth.getKey())).then(keys => (values = keys.map(({ value }) => value)))
    await vi.waitFor(() => expect(locks.asked).toBe(2))
    await vi.advanceTimersByTimeAsync(2500)
    expect(service.asked).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1000)
    await vi.waitFor(() => expect(values).toEqual([service.given[0], service.given[0]]))
    expect(service.asked).toHaveLength(1)
  })

  it('stop waiting for the lock when their page is left, and go on when it is back (rule 19)', async () => {
    const locks = fakeLocks()
    stubBrowser({ locks })
    const service = fakeService()
    const [holding, waiting] = await openPages(2, service)
    const release = service.hold()
    const held = holding!.auth.getKey()
    await vi.waitFor(() => expect(service.asked).toHaveLength(1))
    const pending = waiting!.auth.getKey()
    await vi.waitFor(() => expect(locks.asked).toBe(2))
    expect(locks.waiting).toBe(1)
    globalThis.dispatchEvent(new Event('pagehide'))
    await vi.waitFor(() => expect(locks.waiting).toBe(0))
    globalThis.dispatchEvent(new Event('pageshow'))
    release()
    expect((await pending).value).toBe((await held).value)
    expect(service.asked).toHaveLength(1)
  })

  it('calls no listener and no onEvent while the lock is held (rule 2)', async () => {
    const locks = fakeLocks()
    stubBrowser({ locks })
    const { createAuth } = await openPage()
    const heldThen: number[] = []
    const auth = createAuth({ onEvent: () => heldThen.push(locks.held), cacheScope: 'watched' })
    auth.subscribe(() => heldThen.push(locks.held))
    await auth.getKey()
    await auth.invalidate(auth.peek()!)
    await auth.getKey()
    expect(heldThen.length).toBeGreaterThan(3)
    expect(heldThen.every(held => held === 0)).toBe(true)
  })

  it.each(['with locks', 'without'])('keep identities apart: each gets its own key at once, %s', async how => {
    if (how === 'without') stubBrowser()
    const service = fakeService()
    const [first, second] = await openPages(2, service)
    const [one, two] = await Promise.all([
      first!.createAuth({ cacheScope: 'anna' }).getKey(),
      second!.createAuth({ cacheScope: 'berta' }).getKey(),
    ])
    const three = await first!.createAuth({ cacheScope: 'carla' }).getKey()
    expect(new Set([one, two, three].map(({ value }) => value)).size).toBe(3)
    expect(service.asked).toHaveLength(3)
  })
})

describe('what one tab does and the others find in storage', () => {
  it('a key that was cleared is taken up by nobody', async () => {
    const service = fakeService()
    const [first, second] = await openPages(2, service)
    const key = await first!.auth.getKey()
    await first!.auth.clear()
    expect(first!.auth.peek()).toBeUndefined()
    expect((await second!.auth.getKey()).value).not.toBe(key.value)
    expect(service.asked).toHaveLength(2)
  })

  it('a tab that looks at storage drops the key that another has cleared, though its own is good', async () => {
    const service = fakeService()
    const [first, second] = await openPages(2, service)
    await first!.auth.getKey()
    await second!.auth.getKey()
    await first!.auth.clear()
    service.answerKey = () => new Response('', { status: 503 })
    expect(await failureOf(second!.auth.getKey({ minValidityMs: 9_000_000, maxWaitMs: 0 }))).toMatchObject({
      code: 'server',
    })
    expect(second!.auth.peek()).toBeUndefined()
  })

  it('a key that was invalidated is taken up by nobody, and only the key that was named', async () => {
    const service = fakeService()
    const [first, second, third] = await openPages(3, service)
    const key = await first!.auth.getKey()
    await first!.auth.invalidate('SASS_some_other_key')
    expect((await second!.auth.getKey()).value).toBe(key.value)
    await first!.auth.invalidate(key.value)
    expect(first!.auth.peek()).toBeUndefined()
    expect((await third!.auth.getKey()).value).toBe(service.given[1])
    expect((await first!.auth.getKey()).value).toBe(service.given[1])
    expect(service.asked).toHaveLength(2)
  })

  it('a key that another has renewed meanwhile is taken up, and not asked for again', async () => {
    const service = fakeService()
    const [first, second] = await openPages(2, service)
    const key = await first!.auth.getKey()
    await second!.auth.getKey()
    const renewed = await first!.auth.getKey({ forceRefresh: true })
    await second!.auth.invalidate(key)
    expect((await second!.auth.getKey()).value).toBe(renewed.value)
    expect(service.asked).toHaveLength(2)
  })

  it('clear discards what its own tab has asked for before it', async () => {
    const { auth, service } = await openPage()
    const release = service.hold()
    const pending = auth.getKey()
    await vi.waitFor(() => expect(service.asked).toHaveLength(1))
    const clearing = auth.clear()
    release()
    await clearing
    expect((await pending).value).toBe(service.given[1])
    expect(auth.peek()?.value).toBe(service.given[1])
  })

  it('clear discards what another tab has asked for before it (rule 16)', async () => {
    const service = fakeService()
    const [first, second] = await openPages(2, service)
    const release = service.hold()
    const pending = first!.auth.getKey()
    await vi.waitFor(() => expect(service.asked).toHaveLength(1))
    await second!.auth.clear()
    release()
    // Who asked gets a key all the same: one of a request that was begun after it.
    const key = await pending
    expect(service.asked).toHaveLength(2)
    expect(key.value).toBe(service.given[1])
    expect((await second!.auth.getKey()).value).toBe(service.given[1])
  })

  it('a late answer never replaces a newer key', async () => {
    stubBrowser()
    const service = fakeService()
    const [first, second] = await openPages(2, service)
    const [slow, quick] = [first!, second!].map(({ createAuth }) =>
      createAuth({ timeoutMs: 60_000, cacheScope: 'late' }),
    )
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    const release = service.hold()
    const late = slow!.getKey()
    await vi.waitFor(() => expect(service.asked).toHaveLength(1))
    // The second tab gives the first one up: its clock says that the request must have ended long ago.
    vi.setSystemTime(Date.now() + 63_000)
    service.answerKey = () => service.give('SASS_the_newer_key')
    expect((await quick!.getKey()).value).toBe('SASS_the_newer_key')
    release()
    await late
    expect((await quick!.getKey()).value).toBe('SASS_the_newer_key')
    expect(slow!.peek()?.value).toBe('SASS_the_newer_key')
    const third = (await openPage(service)).createAuth({ timeoutMs: 60_000, cacheScope: 'late' })
    expect((await third.getKey()).value).toBe('SASS_the_newer_key')
  })
})
