import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readJson } from '../../src/body.ts'
import { requestKey } from '../../src/key-request.ts'
import { readOptions } from '../../src/options.ts'
import type { AuthOptions } from '../../src/types.ts'
import { corpus } from './corpus.ts'
import { base, typed } from './outcome.ts'
import { expectCleanPrototype } from './prototype.ts'

afterEach(expectCleanPrototype)

const never = new AbortController().signal
/** One key request with these options. */
const ask = (options: Partial<AuthOptions>, hadKeyLately = false) =>
  typed(requestKey(readOptions(base(options), undefined), hadKeyLately, never))
const answered = (body: BodyInit | null, status = 200, headers: Record<string, string> = {}) =>
  ask({ fetch: async () => new Response(body, { status, headers }) })
const statuses = fc.constantFrom(
  200,
  201,
  203,
  206,
  226,
  299,
  400,
  401,
  403,
  404,
  408,
  418,
  429,
  451,
  499,
  500,
  503,
  599,
)

describe('an answer to a key request', () => {
  it.each(corpus<string>('answers'))('gives no key and a typed error: %s', async (_, { value, nest = 0 }) => {
    const text = value.replace('%s', '['.repeat(nest) + ']'.repeat(nest))
    for (const status of [200, 403, 429, 503]) {
      const { error } = await answered(text, status)
      expect(error).toBeDefined()
    }
  })

  it('of any JSON is a key by the rules, or a typed error', async () => {
    const hostile = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('success', 'error', 'SASS_abcdefgh', '__proto__', 1e308, -0),
    )
    const names = fc.constantFrom('status', 'key', 'key_validity', 'code', 'msg', 'hint', '__proto__', 'toString')
    const answer = fc.dictionary(
      names,
      fc.oneof(hostile, fc.dictionary(fc.constantFrom('expire_duration', 'toString', 'valueOf'), hostile)),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), answer), statuses, fc.boolean(), async (body, status, hadKeyLately) => {
        const text = JSON.stringify(body)
        const { value } = await ask({ fetch: async () => new Response(text, { status }) }, hadKeyLately)
        expect(value?.key ?? 'SASS_none').toMatch(/^SASS_[!-~]{4,8187}$/)
        expectCleanPrototype()
      }),
      { numRuns: 500 },
    )
  })

  it('of any bytes is a typed error, also in another encoding', async () => {
    const text = JSON.stringify({ status: 'success', key: 'SASS_abcdefgh' })
    for (const bytes of [
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\uFEFF${text}`, 'utf16le'),
      Buffer.from([0xff, 0xfe]),
    ]) {
      expect((await answered(bytes)).error).toMatchObject({ code: 'malformed_response' })
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), statuses, async (bytes, status) => {
        expect((await answered(bytes, status)).error).toBeDefined()
      }),
      { numRuns: 200 },
    )
  })

  it('may begin with a byte order mark, and lie about its length', async () => {
    const body = `\uFEFF${JSON.stringify({ status: 'success', key: 'SASS_abcdefgh' })}`
    for (const length of ['0', '9999999999', '-1', 'x']) {
      expect((await answered(body, 200, { 'Content-Length': length })).value?.key).toBe('SASS_abcdefgh')
    }
  })

  it.each(['1e400', '-1', '0x10', 'Infinity', '9'.repeat(400), 'Thu, 01 Jan 99999', 'x', ''])(
    'with Retry-After: %s is waited for no longer than 15 minutes',
    async header => {
      const { error } = await answered('{}', 429, { 'Retry-After': header })
      expect(error?.code).toBe('rate_limited')
      expect(error!.retryAtMs! - Date.now()).toBeGreaterThan(0)
      expect(error!.retryAtMs! - Date.now()).toBeLessThanOrEqual(15 * 60_000)
    },
  )
})

describe('a body', () => {
  const streaming = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void, cancel = () => {}) => {
    const body = new ReadableStream({ pull, cancel })
    return new Response(body)
  }

  it('without an end is given up after 64 kB', async () => {
    let pieces = 0
    const cancel = vi.fn<() => void>()
    const body = streaming(controller => {
      pieces++
      controller.enqueue(new Uint8Array(1024).fill(0x20))
    }, cancel)
    expect(await readJson(body)).toBeUndefined()
    expect(pieces).toBeLessThan(70)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('of pieces without a byte, for ever, is given up too', async () => {
    expect(await readJson(streaming(controller => controller.enqueue(new Uint8Array(0))))).toBeUndefined()
  })

  it('whose cancelling fails leaves no rejection behind', async () => {
    const unhandled = vi.fn<(reason: unknown) => void>()
    process.on('unhandledRejection', unhandled)
    const body = streaming(
      controller => controller.enqueue(new Uint8Array(70_000)),
      () => {
        throw new Error('no')
      },
    )
    expect(await readJson(body)).toBeUndefined()
    await new Promise(resolve => setTimeout(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('that says nothing is timeout', async () => {
    const { error } = await ask({ timeoutMs: 20, fetch: async () => new Response(new ReadableStream()) })
    expect(error?.code).toBe('timeout')
  })
})

const having = (name: string, value: unknown) => ({ [name]: value })
/** Objects that hurt whoever looks at them. */
const traps = (): [string, unknown][] => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const cyclic: Record<string, unknown> = {}
  cyclic['key'] = cyclic['headers'] = cyclic
  return [
    ['a revoked proxy', proxy],
    [
      'a proxy whose traps throw',
      new Proxy({}, { get: () => fail(), getOwnPropertyDescriptor: () => fail(), has: () => fail() }),
    ],
    [
      'a getter that throws',
      {
        get key() {
          return fail()
        },
        get status() {
          return fail()
        },
        get headers() {
          return fail()
        },
      },
    ],
    ['a thenable that throws', having('then', fail)],
    ['a thenable that rejects with nothing', having('then', (_: unknown, reject: () => void) => reject())],
    ['a circle', cyclic],
    ['a symbol', Symbol('SASS_hush')],
    ['a status of 429 without headers', { status: 429 }],
    ['a status that is a symbol', { status: Symbol('x'), headers: new Headers() }],
    ['a status that is no number', { status: {}, ok: 'yes', headers: null, body: null }],
    [
      'a body that is none',
      { status: 200, ok: true, body: { getReader: () => ({ read: async () => ({ value: 'x' }), cancel: 1 }) } },
    ],
    [
      'a reader of other things',
      { ok: true, body: { getReader: () => ({ read: async () => ({ value: { length: 1e9 } }), cancel: fail }) } },
    ],
    ['nothing', undefined],
    ['null', null],
    ['a function', () => 'SASS_abcdefgh'],
    ['a bigint', 12n],
    ['a text object', Object('SASS_abcdefgh')],
    ['an opaque answer', Object.create(Response.prototype)],
    ['an error answer', Response.error()],
    ['a redirect', Response.redirect('https://evil.example/')],
  ]
}
const fail = (): never => {
  throw new Error('the header "SASS_hush" is wrong')
}

describe('what a function of the page returns or throws', () => {
  it.each(traps())('returned by requestKey: %s', async (_, value) => {
    for (const requestKey of [() => value, async () => value, async () => ({ key: value })]) {
      expect((await ask({ requestKey: requestKey as never })).error).toBeDefined()
    }
  })

  // What is thrown is asked whether it is an error of this library, and a proxy that throws cannot be asked anything.
  it.each(traps().filter(([name]) => !name.includes('proxy')))('thrown by requestKey: %s', async (_, value) => {
    expect((await ask({ requestKey: () => Promise.reject(value) })).error).toBeDefined()
  })

  it.each(traps())('as fetch: %s', async (_, value) => {
    for (const fetch of [() => value, async () => value]) {
      expect((await ask({ fetch: fetch as never })).error).toBeDefined()
    }
  })

  it('a lifetime of anything is ignored or one by the rules', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async expiresInSeconds => {
        const { value } = await ask({ requestKey: async () => ({ key: 'SASS_abcdefgh', expiresInSeconds }) as never })
        expect(value?.key).toBe('SASS_abcdefgh')
      }),
      { numRuns: 200 },
    )
  })
})
