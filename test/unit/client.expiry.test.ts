// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  FILES,
  failureOf,
  fakeLocks,
  fakeService,
  MINUTE_MS,
  newKey,
  openPage,
  refusal,
  stubBrowser,
  tidyUp,
  timedKey,
} from './fakes.ts'

const START_MS = Date.UTC(2030, 0, 1)
const passMs = (ms: number) => vi.setSystemTime(Date.now() + ms)

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
})
afterEach(tidyUp)

describe('when a key dies (rule 7)', () => {
  it('is counted from the start of its request, not from its answer', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => {
      passMs(8000)
      return service.give(newKey())
    }
    const key = await auth.getKey()
    expect(key.expiresAtMs).toBe(START_MS + 20 * MINUTE_MS)
    expect(key.obtainedAtMs).toBe(START_MS)
  })

  it('is the option where neither the response nor the key tells', async () => {
    const { createAuth } = await openPage()
    const key = await createAuth({ defaultLifetimeSeconds: 90 }).getKey()
    expect(key.expiresAtMs).toBe(START_MS + 90_000)
  })

  it.each([
    { told: 300, age: 600, lifetimeSeconds: 300 },
    { told: 900, age: 600, lifetimeSeconds: 600 },
    { told: undefined, age: 600, lifetimeSeconds: 600 },
    { told: 1, age: 600, lifetimeSeconds: 1 },
    { told: 5_184_000, age: 5_184_000, lifetimeSeconds: 5_184_000 },
  ])('is the shorter of the response and the key: $told, $age', async ({ told, age, lifetimeSeconds }) => {
    const { auth, service } = await openPage()
    service.answerKey = () => service.give(timedKey(START_MS, age), { key_validity: { expire_duration: told } })
    expect((await auth.getKey()).expiresAtMs).toBe(START_MS + lifetimeSeconds * 1000)
  })

  it.each([0, -60, 0.5, 5_184_001, 1e300, '300', null, true, [300], {}])(
    'ignores a response of %j seconds',
    async expire_duration => {
      const { auth, service } = await openPage()
      service.answerKey = () => service.give(newKey(), { key_validity: { expire_duration } })
      expect((await auth.getKey()).expiresAtMs).toBe(START_MS + 20 * MINUTE_MS)
    },
  )

  it('is st + age where the clocks agree and that is earlier', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => service.give(timedKey(START_MS - 4000, 1200))
    expect((await auth.getKey()).expiresAtMs).toBe(START_MS + 20 * MINUTE_MS - 4000)
  })

  it.each([-19 * MINUTE_MS - 40_000, -86_400_000, 86_400_000, -6000, 4000])(
    'is the start and the lifetime where the service is %i ms ahead: no loop',
    async offsetMs => {
      const { auth, service } = await openPage()
      service.answerKey = () => service.give(timedKey(Date.now() + offsetMs, 1200))
      expect((await auth.getKey()).expiresAtMs).toBe(START_MS + 20 * MINUTE_MS)
      passMs(19 * MINUTE_MS)
      await auth.getKey()
      expect(auth.peek()?.expiresAtMs).toBeGreaterThanOrEqual(START_MS + 20 * MINUTE_MS)
    },
  )

  it('is the moment from which it is not used: peek, state and getKey', async () => {
    const { auth, service } = await openPage()
    const first = await auth.getKey()
    passMs(20 * MINUTE_MS - 1)
    expect(auth.peek()).toBe(first)
    passMs(1)
    expect(auth.peek()).toBeUndefined()
    expect(auth.state.key).toBeUndefined()
    expect(auth.state.status).not.toBe('ready')
    expect((await auth.getKey()).value).toBe(service.given.at(-1))
    expect(auth.peek()?.value).not.toBe(first.value)
  })

  it('a stored key that has died is not taken up', async () => {
    const service = fakeService()
    const first = await (await openPage(service)).auth.getKey()
    passMs(20 * MINUTE_MS)
    const second = await (await openPage(service)).auth.getKey()
    expect(second.value).not.toBe(first.value)
    expect(service.asked).toHaveLength(2)
  })

  it('a stored key from the future is dropped: the clock was put back (rule 8)', async () => {
    const service = fakeService()
    await (await openPage(service)).auth.getKey()
    vi.setSystemTime(START_MS - 24 * 60 * MINUTE_MS)
    const { auth } = await openPage(service)
    expect((await auth.getKey()).expiresAtMs).toBe(Date.now() + 20 * MINUTE_MS)
    await auth.getKey()
    expect(service.asked).toHaveLength(2)
  })
})

describe('KEY_EXPIRED before its time (rule 7)', () => {
  /** The service refuses the first key after a minute; `ageMs` is how old its keys are by this machine's clock. */
  async function refusedEarly(ageMs: number) {
    const service = fakeService()
    service.answerKey = () => service.give(timedKey(Date.now() - ageMs, 1200))
    service.answerApi = ({ headers }) =>
      headers.get('X-Filerobot-Key') === service.given[0] ? refusal('KEY_EXPIRED') : new Response('fine')
    const { auth } = await openPage(service)
    const first = await auth.getKey()
    expect(first.expiresAtMs).toBe(START_MS + 20 * MINUTE_MS)
    passMs(MINUTE_MS)
    expect(await (await auth.fetch(FILES)).text()).toBe('fine')
    return { auth, service }
  }

  it('makes st + age count from then on', async () => {
    const { auth } = await refusedEarly(10 * MINUTE_MS)
    expect(auth.peek()?.expiresAtMs).toBe(START_MS + MINUTE_MS + 10 * MINUTE_MS)
  })

  it('never less than 30 s after the start', async () => {
    const { auth } = await refusedEarly(19 * MINUTE_MS + 50_000)
    expect(auth.peek()?.expiresAtMs).toBe(START_MS + MINUTE_MS + 30_000)
  })

  it('never later than the lifetime', async () => {
    const { auth } = await refusedEarly(-10 * MINUTE_MS)
    expect(auth.peek()?.expiresAtMs).toBe(START_MS + MINUTE_MS + 20 * MINUTE_MS)
  })

  it('is remembered by the record: later pages know it', async () => {
    const { service } = await refusedEarly(10 * MINUTE_MS)
    passMs(30 * MINUTE_MS)
    const { auth } = await openPage(service)
    const key = await auth.getKey()
    expect(key.expiresAtMs).toBe(Date.now() + 10 * MINUTE_MS)
    // Also when a key is given up for another reason.
    await auth.invalidate(key)
    passMs(1000)
    expect((await auth.getKey()).expiresAtMs).toBe(Date.now() + 10 * MINUTE_MS)
  })

  it('a key given up by invalidate says nothing about clocks', async () => {
    const service = fakeService()
    service.answerKey = () => service.give(timedKey(Date.now() - 10 * MINUTE_MS, 1200))
    const { auth } = await openPage(service)
    await auth.invalidate(await auth.getKey())
    passMs(1000)
    expect((await auth.getKey()).expiresAtMs).toBe(Date.now() + 20 * MINUTE_MS)
  })
})

describe('the same key again (rule 6)', () => {
  it('is a failed renewal, and its expiry stays', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => service.give('SASS_always_the_same')
    const key = await auth.getKey()
    passMs(5 * MINUTE_MS)
    expect(await failureOf(auth.getKey({ forceRefresh: true }))).toMatchObject({ name: 'AuthError' })
    expect(service.asked).toHaveLength(2)
    expect(auth.peek()?.expiresAtMs).toBe(key.expiresAtMs)
    expect((await auth.getKey()).expiresAtMs).toBe(START_MS + 20 * MINUTE_MS)
    expect(auth.state.status).toBe('ready')
  })

  it('does not come back to life after its expiry, on a later page either', async () => {
    const service = fakeService()
    service.answerKey = () => service.give('SASS_always_the_same')
    const { auth } = await openPage(service)
    await auth.getKey()
    passMs(20 * MINUTE_MS)
    expect(await failureOf(auth.getKey())).toMatchObject({ name: 'AuthError' })
    const later = await openPage(service)
    expect(await failureOf(later.auth.getKey())).toMatchObject({ name: 'AuthError' })
    expect(later.auth.peek()).toBeUndefined()
  })

  it('is no answer to a refusal of it', async () => {
    const { auth, service } = await openPage()
    service.answerKey = () => service.give('SASS_always_the_same')
    service.answerApi = () => refusal('ERR_SASS_INVALID')
    await failureOf(auth.fetch(FILES))
    expect(auth.peek()).toBeUndefined()
    expect(service.requests).toHaveLength(1)
  })
})
