import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeMachine } from './fake-machine.ts'
import {
  encodeKey,
  fakeLocks,
  fakeService,
  fakeStorage,
  MINUTE_MS,
  OTHER_TEMPLATE,
  openPage,
  stubBrowser,
  TEMPLATE,
  tidyUp,
} from './fakes.ts'

const DAY_MS = 1440 * MINUTE_MS

let machine: ReturnType<typeof fakeMachine>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  machine = fakeMachine({ turns: 4 })
})
afterEach(tidyUp)

/** The names of the records that a page writes, and what it writes, with a key. */
async function recordsOf(options = {}) {
  const storage = fakeStorage()
  const service = fakeService()
  const first = (await openPage(service)).createAuth({ ...options, storage })
  await machine.until(first.getKey())
  first.dispose()
  const [starts, key] = ['starts', 'key'].map(name => [...storage.content].find(([id]) => id.startsWith(name))!)
  return { service, starts: starts!, key: key! }
}

/** Which key a page has that finds these records, and how many requests it makes. */
async function visit(records: [string, unknown][], options = {}) {
  const service = fakeService()
  const storage = fakeStorage(new Map(records))
  const auth = (await openPage(service)).createAuth({ ...options, storage })
  const key = await machine.until(auth.getKey())
  return { auth, service, storage, value: key.value, asked: service.asked.length }
}

const keyOf = (...templateIds: string[]) =>
  encodeKey([['fid', 'x'], ...templateIds.map(id => ['sec', id] as [string, string])])

describe('a stored key of another template (rule 8)', () => {
  it.each([
    ['the same', TEMPLATE, TEMPLATE, 0],
    ['the same in small letters', TEMPLATE, TEMPLATE.toLowerCase().replace('secu', 'SECU'), 0],
    ['the same, asked for in small letters', TEMPLATE.toLowerCase().replace('secu', 'SECU'), TEMPLATE, 0],
    ['another one', TEMPLATE, OTHER_TEMPLATE, 1],
    ['another one in small letters', TEMPLATE, OTHER_TEMPLATE.toLowerCase(), 1],
    ['half of it', TEMPLATE, TEMPLATE.slice(0, 20), 1],
    ['a list of others', TEMPLATE, '\x1bx\x1cy', 0],
  ])('whose claims name %s', async (_, templateId, claimed, asked) => {
    const { key } = await recordsOf({ templateId })
    const stored = keyOf(claimed)
    const found = await visit([[key[0], { ...(key[1] as object), key: stored }]], { templateId })
    expect(found.asked).toBe(asked)
    expect(found.value === stored).toBe(asked === 0)
  })

  it('is taken where no template was named: of an endpoint of the site', async () => {
    const options = { templateId: undefined, keyUrl: 'https://shop.example/key' }
    const { key } = await recordsOf(options)
    const stored = keyOf(OTHER_TEMPLATE)
    const found = await visit([[key[0], { ...(key[1] as object), key: stored }]], options)
    expect([found.value, found.asked]).toEqual([stored, 0])
  })

  it('is taken where it does not say whose it is', async () => {
    const { key } = await recordsOf()
    const stored = keyOf()
    const found = await visit([[key[0], { ...(key[1] as object), key: stored }]])
    expect([found.value, found.asked]).toEqual([stored, 0])
  })
})

describe('a stored key from another time (rule 8)', () => {
  it.each([
    { startedMs: 1000, livesMs: 20 * MINUTE_MS, asked: 0 },
    { startedMs: 1001, livesMs: 20 * MINUTE_MS, asked: 1 },
    { startedMs: DAY_MS, livesMs: 20 * MINUTE_MS, asked: 1 },
    { startedMs: -DAY_MS, livesMs: 60 * DAY_MS, asked: 0 },
    { startedMs: -DAY_MS, livesMs: 60 * DAY_MS + 1, asked: 1 },
    { startedMs: -20 * MINUTE_MS, livesMs: 20 * MINUTE_MS, asked: 1 },
  ])('begun $startedMs ms from now, to live $livesMs ms: $asked requests', async ({ startedMs, livesMs, asked }) => {
    const { key } = await recordsOf()
    const startedAtMs = machine.wallMs + startedMs
    const record = { ...(key[1] as object), startedAtMs, expiresAtMs: startedAtMs + livesMs }
    expect((await visit([[key[0], record]])).asked).toBe(asked)
  })
})

describe('stored starts and blocks from another time (rules 3 and 8)', () => {
  it.each([
    { startMs: -59_999, isCounted: true },
    { startMs: -60_000, isCounted: false },
    { startMs: 1000, isCounted: true },
    { startMs: 1001, isCounted: false },
    { startMs: DAY_MS, isCounted: false },
  ])('a start $startMs ms from now counts: $isCounted', async ({ startMs, isCounted }) => {
    const { starts, service } = await recordsOf()
    const record = { ...(starts[1] as object), starts: Array(5).fill(machine.wallMs + startMs) }
    const auth = (await openPage(service)).createAuth({ storage: fakeStorage(new Map([[starts[0], record]])) })
    const outcome = await machine.until(auth.getKey({ maxWaitMs: 0 }).catch(({ code }: { code: string }) => code))
    expect(outcome === 'rate_limited').toBe(isCounted)
  })

  it.each([
    { blockMs: 15 * MINUTE_MS, isHeeded: true },
    { blockMs: 1, isHeeded: true },
    { blockMs: 0, isHeeded: false },
    { blockMs: 15 * MINUTE_MS + 1001, isHeeded: false },
    { blockMs: DAY_MS, isHeeded: false },
  ])('a block until $blockMs ms from now is heeded: $isHeeded', async ({ blockMs, isHeeded }) => {
    const { starts, service } = await recordsOf()
    const blockedUntilMs = machine.wallMs + blockMs
    const record = { ...(starts[1] as object), blockedUntilMs }
    const auth = (await openPage(service)).createAuth({ storage: fakeStorage(new Map([[starts[0], record]])) })
    const outcome = await machine.until(auth.getKey({ maxWaitMs: 0 }).catch((error: unknown) => error))
    expect(outcome).toMatchObject(
      isHeeded ? { code: 'rate_limited', retryAtMs: blockedUntilMs } : { value: service.given[1] },
    )
  })
})

describe('a record of starts that a later release has added to (rule 3)', () => {
  const added = { zones: { eu: [1, 2] }, version: 9 }

  it.each([
    ['a key', undefined],
    ['a failure', () => new Response('', { status: 503 })],
    ['a refusal', () => new Response('', { status: 429 })],
  ])('keeps what was added, through a start and %s', async (_, answer) => {
    const { starts, service } = await recordsOf()
    const storage = fakeStorage(new Map([[starts[0], { ...(starts[1] as object), ...added }]]))
    const auth = (await openPage(service)).createAuth({ storage })
    if (answer) service.answerKey = answer
    await machine.until(auth.getKey({ maxWaitMs: 0 }).catch(() => {}))
    await machine.until(auth.clear())
    expect(storage.content.get(starts[0])).toMatchObject(added)
    expect((storage.content.get(starts[0]) as { starts: number[] }).starts).toHaveLength(2)
  })

  it('is not taken for more than it is: what was added has no say', async () => {
    const { starts } = await recordsOf()
    const polluted = JSON.parse('{"__proto__":{"blockedUntilMs":9e15},"constructor":1}') as object
    const found = await visit([[starts[0], Object.assign({ ...(starts[1] as object) }, polluted)]])
    expect(found.asked).toBe(1)
  })
})
