// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectImageEditor, connectSpin } from '../../src/widgets/index.ts'
import { fakeLocks, openPage, stubBrowser, tidyUp } from '../unit/fakes.ts'
import { corpus } from './corpus.ts'
import { typed } from './outcome.ts'
import { expectCleanPrototype } from './prototype.ts'

const apiBase = 'https://api.example'
/** The most that a folder is asked for. */
const MOST_FILES = 5000

let page: ReturnType<typeof openPage> | undefined
let scopes = 0

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:frame')
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue()
})
afterEach(() => {
  tidyUp()
  expectCleanPrototype()
})

/** An auth whose service answers a listing with this, and everything else with an image. */
async function listing(answer: (url: URL) => string) {
  const { createAuth, service } = await (page ??= openPage())
  service.requests.length = 0
  service.answerApi = ({ url }) => new Response(url.includes('/v4/files') ? answer(new URL(url)) : 'x')
  return {
    auth: createAuth({ apiBase, cacheScope: String(scopes++), storage: 'memory', maxKeyRequestsPerMinute: 1e9 }),
    service,
  }
}
const spin = async (answer: (url: URL) => string) => {
  const { auth, service } = await listing(answer)
  const outcome = await typed(connectSpin(auth, { folder: '/spin', delivery: 'signed', firstFrameTimeoutMs: 20_000 }))
  outcome.value?.release()
  // The key was put on nothing else: `requests` are those that have it.
  for (const { url } of service.requests) expect(new URL(url).origin).toBe(apiBase)
  return { ...outcome, requests: service.requests }
}

describe('a listing of the service', () => {
  it.each(corpus<object>('listings'))(
    'makes a spin, or a typed error, and gives no key away: %s',
    async (_, { value }) => {
      const { error, value: made } = await spin(() => JSON.stringify(value))
      expect(!!error || !!made).toBe(true)
    },
  )

  it('of any JSON makes a spin, or a typed error', async () => {
    const address = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom(...corpus<string>('urls').map(([, { value }]) => value), `${apiBase}/a.png`),
    )
    const file = fc.oneof(
      { weight: 4, arbitrary: fc.constant({ name: 'a.png', url: { cdn: `${apiBase}/a.png` } }) },
      fc.jsonValue({ maxDepth: 1 }),
      fc.record(
        {
          name: fc.oneof(fc.constantFrom('a.png', '1.jpg', '__proto__'), fc.jsonValue({ maxDepth: 1 })),
          type: fc.oneof(fc.constant('image/png'), fc.jsonValue({ maxDepth: 1 })),
          visibility: fc.constantFrom('private', 'public', 7),
          url: fc.oneof(
            fc.record({ cdn: address, public: address }, { requiredKeys: [] }),
            fc.jsonValue({ maxDepth: 1 }),
          ),
        },
        { requiredKeys: [] },
      ),
    )
    const info = fc.oneof(
      fc.record({ total_files_count: fc.oneof(fc.constantFrom(0, -1, 1), fc.object({ maxDepth: 1 })) }),
      fc.jsonValue({ maxDepth: 1 }),
    )
    let made = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.array(file, { maxLength: 8 }), fc.jsonValue()), info, async (files, info) => {
        // The second page ends it.
        const { value } = await spin(url =>
          JSON.stringify(url.searchParams.get('offset') === '0' ? { files, info } : { files: [] }),
        )
        if (value) made++
      }),
      { numRuns: 200 },
    )
    expect(made).toBeGreaterThan(5)
  })

  it.each([
    ['in one answer', 200_000, 1],
    ['in answers of one file each, for ever', 1, MOST_FILES],
  ])('of too many files is cut off: %s', { timeout: 120_000 }, async (_, count, requests) => {
    const files = Array.from({ length: count }, () => ({ name: 'a.txt' }))
    const { error, requests: sent } = await spin(() => JSON.stringify({ files, info: { total_files_count: 1e9 } }))
    expect(error).toMatchObject({ code: 'server', message: 'no frames' })
    expect(sent).toHaveLength(requests)
  })
})

describe('what else names an address', () => {
  it.each(corpus<string>('urls'))('as the source of an image: %s', async (_, { value }) => {
    const { auth, service } = await listing(() => '{}')
    const { error } = await typed(connectImageEditor(auth, { source: value, folder: '/', timeoutMs: 2000 }))
    expect(error?.code).toMatch(/^(invalid_options|origin_not_allowed)$/)
    expect(service.requests).toHaveLength(0)
  })
})
