// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeService, fakeStorage, json, MINUTE_MS, newKey, refusal, tidyUp, timedKey } from '../fakes.ts'
import { freezeTime, passTime, START_MS, settle, watch } from '../time.ts'
import { given, openEndpoint, refused, toldBy } from './endpoint.ts'

beforeEach(freezeTime)
afterEach(tidyUp)

/** What a service says that tells how long its keys live. */
const living = (seconds: number) => {
  const service = fakeService()
  service.answerKey = () => service.give(newKey(), { key_validity: { expire_duration: seconds } })
  return service
}

describe('the key of an endpoint', () => {
  it('is asked for once, however many visitors wait for it', async () => {
    const { service, told } = await openEndpoint()
    const release = service.hold()
    const answers = Promise.all(Array.from({ length: 500 }, () => told()))
    await settle()
    release()
    await passTime(1000)
    const [first, ...others] = await answers
    expect(first).toEqual(given(service.given[0], 1200))
    // They look again after a moment.
    expect(others).toEqual(Array(499).fill(given(service.given[0], 1199)))
    expect(service.asked).toHaveLength(1)
  })

  it('is not asked for before the first visitor comes', async () => {
    const { service } = await openEndpoint()
    await passTime(MINUTE_MS)
    expect(service.asked).toEqual([])
  })

  it('is told with the seconds that it has left, rounded down', async () => {
    const { service, told } = await openEndpoint({}, living(300))
    expect(await told()).toEqual(given(service.given[0], 300))
    await passTime(1)
    expect(await told()).toEqual(given(service.given[0], 299))
    await passTime(100_998)
    expect(await told()).toEqual(given(service.given[0], 199))
    expect(service.asked).toHaveLength(1)
  })

  it('has a next one from half of its life on', async () => {
    const { service, told } = await openEndpoint({}, living(300))
    await told()
    await passTime(150_000 - 1)
    expect(await told()).toEqual(given(service.given[0], 150))
    await passTime(1)
    expect(await told()).toEqual(given(service.given[1], 300))
    expect(service.asked).toHaveLength(2)
  })

  it('lives no longer than it says of itself', async () => {
    const { service, told } = await openEndpoint()
    service.answerKey = () => service.give(timedKey(START_MS, 120))
    expect(await told()).toEqual(given(service.given[0], 120))
  })

  it('is given in its second half too where there is no next one, and not for a second after its end', async () => {
    const { service, told } = await openEndpoint({}, living(300))
    await told()
    service.answerKey = () => refusal('SECURITY_TEMPLATE_NOT_FOUND', 404)
    await passTime(299_000)
    expect(await told()).toEqual(given(service.given[0], 1))
    await passTime(1)
    expect(await told()).toEqual(refused(404, 'template_rejected'))
  })

  it('is the old one until its end where the service gives the same again', async () => {
    const { service, told } = await openEndpoint({}, living(300))
    await told()
    const { answerKey } = service
    service.answerKey = () => service.give(service.given[0]!)
    await passTime(160_000)
    for (let second = 0; second < 130; second += 10) {
      expect(await told()).toEqual(given(service.given[0], 140 - second))
      await passTime(10_000)
    }
    // One that could have renewed it, and no more.
    expect(service.asked).toHaveLength(2)
    service.answerKey = answerKey
    await passTime(10_000)
    expect(await told()).toEqual(given(service.given[2], 300))
  })

  it('is one for several servers that share a store', async () => {
    const storage = fakeStorage()
    const service = living(300)
    const [one, other] = [await openEndpoint({ storage }, service), await openEndpoint({ storage }, service)]
    expect(await one.told()).toEqual(given(service.given[0], 300))
    await passTime(20_000)
    expect(await other.told()).toEqual(given(service.given[0], 280))
    await passTime(130_000)
    expect(await other.told()).toEqual(given(service.given[1], 300))
    await passTime(1000)
    expect(await one.told()).toEqual(given(service.given[1], 299))
    expect(service.asked).toHaveLength(2)
  })

  it('is asked for by one of several servers at a time, and the others wait for it', async () => {
    const storage = fakeStorage()
    const service = living(300)
    const [one, other] = [await openEndpoint({ storage }, service), await openEndpoint({ storage }, service)]
    const release = service.hold()
    const answers = Promise.all([one.told(), other.told()])
    await settle()
    release()
    await passTime(1000)
    expect(await answers).toEqual([given(service.given[0], 300), expect.anything()])
    expect(service.asked).toHaveLength(1)
  })

  it('is kept in memory where the store fails', async () => {
    const storage = fakeStorage()
    storage.fails = true
    const { service, told, events } = await openEndpoint({ storage }, living(300))
    expect(await told()).toEqual(given(service.given[0], 300))
    expect(await told()).toEqual(given(service.given[0], 300))
    expect(service.asked).toHaveLength(1)
    expect(events.map(({ type }) => type)).toContain('degraded')
  })
})

describe('a service in trouble', () => {
  it('is asked again with back-off, and not by each visitor', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const { service, told } = await openEndpoint()
    service.answerKey = () => json({}, 503)
    const answers = Promise.all(Array.from({ length: 20 }, () => told()))
    await passTime(900)
    expect(await answers).toEqual(Array(20).fill(refused(502, 'server')))
    const times = async () => {
      for (let tenth = 9; tenth < 100; tenth++) {
        await told()
        await passTime(100)
      }
      return service.asked.map(({ atMs }) => (atMs - START_MS) / 1000)
    }
    expect(await times()).toEqual([0, 1, 3, 7])
  })

  it('is found well again by the first visitor after the back-off', async () => {
    const { service, told } = await openEndpoint()
    const { answerKey } = service
    service.answerKey = () => Promise.reject(new TypeError('no network'))
    expect(await told()).toEqual(refused(502, 'network'))
    service.answerKey = answerKey
    await passTime(1000)
    expect(await told()).toEqual(given(service.given[0], 1200))
  })

  it('that does not answer is given up after timeoutMs', async () => {
    const { service, told } = await openEndpoint({ timeoutMs: 3000 })
    service.answerKey = () => new Promise<Response>(() => {})
    const answer = watch(told())
    await passTime(2999)
    expect(answer).toEqual({})
    await passTime(251)
    expect(answer.value).toEqual(refused(504, 'timeout'))
  })

  it('is asked five times a minute at most, and visitors are told when to come again', async () => {
    const { service, ask } = await openEndpoint({}, living(2))
    const seen: string[] = []
    for (let second = 0; second <= 60; second++) {
      const answer = await ask()
      seen.push(`${answer.status} ${answer.headers.get('Retry-After')}`)
      await passTime(1000)
    }
    // A key of two seconds is asked for anew each second, while that may be.
    expect(seen.slice(0, 8)).toEqual([...Array<string>(6).fill('200 null'), '429 54', '429 53'])
    expect(seen[60]).toBe('200 null')
    expect(service.asked).toHaveLength(6)
  })

  it('that refuses for a while is left alone for it', async () => {
    const { service, ask } = await openEndpoint()
    service.answerKey = () => json({ status: 'error', code: 'x' }, 429, { 'Retry-After': '90' })
    expect((await ask()).headers.get('Retry-After')).toBe('90')
    await passTime(89_500)
    const answer = await ask()
    expect([answer.headers.get('Retry-After'), ...(await toldBy(answer))]).toEqual([
      '1',
      ...refused(429, 'rate_limited'),
    ])
    expect(service.asked).toHaveLength(1)
    await passTime(500)
    await ask()
    expect(service.asked).toHaveLength(2)
  })
})

describe('a request that dies with its visitor, as on edge platforms', () => {
  /** Lets the timers that a request sets at its start never fire, and its answer never come. */
  async function askAndDie({ service, ask }: Awaited<ReturnType<typeof openEndpoint>>) {
    const { answerKey } = service
    service.answerKey = () => new Promise<Response>(() => {})
    const { setTimeout } = globalThis
    globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout
    const dead = watch(ask())
    await settle()
    Object.assign(globalThis, { setTimeout })
    service.answerKey = answerKey
    return dead
  }

  it('is followed by one of those who wait for it, after two seconds', async () => {
    const endpoint = await openEndpoint({}, living(300))
    const dead = await askAndDie(endpoint)
    const answers = Promise.all(Array.from({ length: 50 }, () => endpoint.told()))
    const outcome = watch(answers)
    await passTime(2000)
    expect([outcome.value, endpoint.service.asked.length]).toEqual([undefined, 1])
    await passTime(1000)
    expect(outcome.value?.map(([status]) => status)).toEqual(Array(50).fill(200))
    expect(endpoint.service.asked).toHaveLength(2)
    expect(dead).toEqual({})
  })

  it('is not taken for dead while it lives, however long the service takes', async () => {
    const { service, told } = await openEndpoint({ timeoutMs: 60_000 }, living(300))
    const release = service.hold()
    const answers = Promise.all([told(), told(), told()])
    await passTime(50_000)
    release()
    await passTime(1000)
    expect((await answers).map(([status]) => status)).toEqual([200, 200, 200])
    expect(service.asked).toHaveLength(1)
  })

  it('is kept alive where the platform can do that', async () => {
    const { service, ask } = await openEndpoint()
    const kept: Promise<unknown>[] = []
    const platform = {
      waitUntil(work: Promise<unknown>) {
        // A method, which Cloudflare's runtime wants to be called as one.
        expect(this).toBe(platform)
        kept.push(work)
      },
    }
    await ask({}, platform)
    await ask({}, platform)
    expect(kept).toHaveLength(1)
    await Promise.all(kept)
    expect(service.asked).toHaveLength(1)
  })
})
