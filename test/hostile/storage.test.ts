import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyStorage } from '../../src/index.ts'
import { readKeyRecord } from '../../src/key-record.ts'
import { mayStartAtMs, readStarts } from '../../src/limit.ts'
import {
  failureOf,
  fakeLocks,
  fakeService,
  fakeStorage,
  newKey,
  openPage,
  stubBrowser,
  TEMPLATE,
  tidyUp,
} from '../unit/fakes.ts'
import { corpus } from './corpus.ts'
import { expectCleanPrototype } from './prototype.ts'

let page: Awaited<ReturnType<typeof openPage>>

beforeEach(async () => {
  stubBrowser({ locks: fakeLocks() })
  page = await openPage(fakeService())
})
afterEach(() => {
  tidyUp()
  expectCleanPrototype()
})

const nowMs = Date.UTC(2030, 0, 1)
const moment = fc.oneof(
  fc.integer({ min: -70_000, max: 70_000 }).map(ms => nowMs + ms),
  fc.constantFrom(
    0,
    -0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    9e15,
    1e308,
    '1',
    null,
    undefined,
    new Date(nowMs),
    5n,
  ),
)
/** Whatever a database can hold, some of it nearly a record. */
const stored = fc.oneof(
  fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBigInt: true,
    withSparseArray: true,
  }),
  fc.record(
    {
      key: fc.oneof(fc.constant('SASS_stored_key'), fc.string({ unit: 'binary' }), fc.anything()),
      startedAtMs: moment,
      expiresAtMs: moment,
      generation: moment,
      trustsClaims: fc.anything(),
      starts: fc.oneof(fc.array(moment, { maxLength: 20 }), moment, fc.anything()),
      blockedUntilMs: moment,
      openBy: fc.anything(),
    },
    { requiredKeys: [] },
  ),
)

describe('a stored record', () => {
  it('of a key is read as one by the rules, whatever it is', () => {
    fc.assert(
      fc.property(stored, value => {
        const record = readKeyRecord(value, nowMs, TEMPLATE)
        expect(record.key).toMatch(/^(SASS_[!-~]{4,8187})?$/)
        for (const ms of [record.generation, record.startedAtMs, record.expiresAtMs]) {
          expect(Number.isFinite(ms) && ms >= 0).toBe(true)
        }
        expect(record.startedAtMs).toBeLessThanOrEqual(nowMs + 1000)
        const livesMs = record.key ? record.expiresAtMs - record.startedAtMs : 0
        expect(livesMs).toBeLessThanOrEqual(60 * 86_400_000)
      }),
      { numRuns: 2000 },
    )
  })

  it('of starts holds nobody up for longer than the longest block, whatever it is', () => {
    fc.assert(
      fc.property(stored, fc.integer({ min: 1, max: 60 }), (value, most) => {
        const record = readStarts(value, nowMs)
        expect(record.starts.every(ms => ms > nowMs - 60_000 && ms <= nowMs + 1000)).toBe(true)
        expect(mayStartAtMs(record, most)).toBeLessThanOrEqual(nowMs + 15 * 60_000 + 1000)
      }),
      { numRuns: 2000 },
    )
  })

  it('of a million starts is read at the price of its length, and written back short', async () => {
    const starts = Array.from({ length: 1_000_000 }, () => Date.now() - 120_000)
    const store = fakeStorage()
    const { get } = store
    store.get = async id => (id.startsWith('starts') ? { starts } : get(id))
    const auth = page.createAuth({
      storage: { ...store, update: async (id, change) => store.update(id, () => change({ starts })) },
    })
    expect((await auth.getKey()).value).toBe(page.service.given[0])
    const written = [...store.content].find(([id]) => id.startsWith('starts'))?.[1] as { starts: number[] }
    expect(written.starts).toHaveLength(1)
  })
})

/** A store that holds this under every name, and nothing that is written. */
const holding = (value: () => unknown): KeyStorage => ({
  get: async () => value(),
  update: async (_, change) => void change(value()),
})

describe('a store of the page', () => {
  it.each(corpus<unknown>('records'))('with %s fails no caller, and costs one request', async (_, { value }) => {
    const auth = page.createAuth({ storage: holding(() => value) })
    // Only a block of the service's own may hold one up, and none is believed that is too long.
    expect((await auth.getKey()).value).toBe(page.service.given[0])
    await auth.getKey()
    expect(page.service.asked).toHaveLength(1)
  })

  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const refuse = (): never => {
    throw new Error('SASS_hush')
  }
  const cyclic: Record<string, unknown> = { starts: [] }
  ;(cyclic['starts'] as unknown[]).push(cyclic, cyclic['starts'])
  it.each<[string, () => unknown]>([
    ['a revoked proxy', () => proxy],
    ['a revoked proxy for starts', () => ({ starts: proxy })],
    [
      'getters that throw',
      () => ({
        get key() {
          return refuse()
        },
        get starts() {
          return refuse()
        },
      }),
    ],
    [
      'a proxy whose traps throw',
      () => new Proxy({}, { ownKeys: refuse, getOwnPropertyDescriptor: refuse, get: refuse }),
    ],
    ['starts whose elements throw', () => ({ starts: Object.defineProperty([1], 0, { get: refuse }) })],
    ['a circle', () => cyclic],
    ['a date', () => new Date()],
    ['a map', () => new Map([['key', 'SASS_stored_key']])],
    ['a function', () => refuse],
    ['what throws', refuse],
    ['a promise that rejects with nothing', () => Promise.reject()],
  ])('with %s fails no caller, and costs one request', async (_, value) => {
    const auth = page.createAuth({ storage: holding(value) })
    expect((await auth.getKey()).value).toBe(page.service.given[0])
    await auth.getKey()
    await auth.clear()
    expect(page.service.asked).toHaveLength(1)
  })

  it.each<[string, () => KeyStorage]>([
    ['gives nothing that can be waited for', () => ({ get: () => 1, update: () => 1 }) as never],
    ['has no methods', () => ({}) as never],
    ['never calls back', () => ({ get: async () => undefined, update: async () => {} })],
    [
      'calls back a hundred times',
      () => ({
        get: async () => undefined,
        update: async (_, change) => {
          for (let time = 0; time < 100; time++) change(undefined)
        },
      }),
    ],
    [
      'calls back when it is over',
      () => ({ get: async () => undefined, update: async (_, change) => void setTimeout(change) }),
    ],
    ['throws at once', () => ({ get: refuse, update: refuse })],
  ])('that %s fails no caller, and costs one request', async (_, store) => {
    const auth = page.createAuth({ storage: store() })
    expect((await auth.getKey()).value).toBe(page.service.given[0])
    expect((await auth.getKey()).value).toBe(page.service.given[0])
    expect(page.service.asked).toHaveLength(1)
  })

  it('that raises the generation at each look makes no flood: five requests a minute are the most', async () => {
    const starts = new Map<string, unknown>()
    let generation = 0
    const storage: KeyStorage = {
      get: async id => (id.startsWith('starts') ? starts.get(id) : { generation: ++generation }),
      update: async (id, change) =>
        void starts.set(id, change(id.startsWith('starts') ? starts.get(id) : { generation: ++generation })),
    }
    const error = await failureOf(page.createAuth({ storage }).getKey({ maxWaitMs: 0 }))
    expect(error).toMatchObject({ name: 'AuthError', code: 'rate_limited' })
    expect(page.service.asked.length).toBeLessThanOrEqual(5)
  })

  it('whose keys are all forged gives none that would end a header', async () => {
    const auth = page.createAuth({
      storage: holding(() => ({
        key: `${newKey()}\r\nX-Evil: 1`,
        startedAtMs: Date.now() - 1000,
        expiresAtMs: Date.now() + 60_000,
      })),
    })
    expect((await auth.getKey()).value).toBe(page.service.given[0])
  })
})
