import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type AuthOptions, createAuth, isAuthError } from '../../src/index.ts'
import { API, openPage, TEMPLATE, TOKEN, tidyUp } from './fakes.ts'

afterEach(tidyUp)

/** What `createAuth` throws, or nothing. */
function refusalOf(options: unknown): unknown {
  try {
    createAuth(options as AuthOptions).dispose()
    return undefined
  } catch (error) {
    return error
  }
}
const withOption = (name: string, value: unknown) => refusalOf({ token: TOKEN, templateId: TEMPLATE, [name]: value })

describe('options that are wrong (rule 13)', () => {
  it.each([[undefined], [null], [{}]])('are none at all: %j', options => {
    expect(refusalOf(options)).toMatchObject({ code: 'invalid_options', message: expect.stringContaining('token') })
  })

  const wrong: [string, unknown[]][] = [
    ['token', ['', ' ', undefined, null, {}, [], 'a/b', '../x', 'a b', 'tökèn', 'x'.repeat(65), 'a?b', 'a\n']],
    [
      'templateId',
      ['', null, 7, {}, [], 'SECU_', 'SECU_123', `${TEMPLATE}0`, ` ${TEMPLATE}`, `${TEMPLATE}\n`, `${TEMPLATE}/x`],
    ],
    [
      'apiBase',
      [
        '',
        7,
        'api.filerobot.com',
        '//api.filerobot.com',
        'http://api.filerobot.com',
        'http://localhost.evil.example',
        'http://128.0.0.1',
        'ftp://api.filerobot.com',
        'data:,x',
        'javascript:alert(1)',
        'https://',
        'https://*.filerobot.com',
        'file:///x',
        {},
        [],
      ],
    ],
    ['keyUrl', ['http://shop.example/key', 'ftp://shop.example/key', 'data:,x', 'https://[', '//evil.example:port']],
    [
      'allowedOrigins',
      [
        ['*'],
        ['https://*.example.com'],
        ['null'],
        ['http://cdn.example.com'],
        [7],
        [null],
        [''],
        ['https://a.example', 'b'],
        7,
        'cdn.example.com',
      ],
    ],
    ['storage', ['localStorage', 'IndexedDB', '', 7]],
    ['defaultLifetimeSeconds', [-1, Number.NaN, {}, 'long']],
    ['timeoutMs', [-1, Number.NaN, {}, 'long']],
    ['maxWaitMs', [-1, Number.NaN, {}, 'long']],
    ['maxKeyRequestsPerMinute', [-5, Number.NaN, {}, 'few']],
  ]
  it.each(wrong.flatMap(([option, values]) => values.map(value => [option, value] as const)))(
    '%s: %j is invalid_options, naming the option',
    (option, value) => {
      const error = withOption(option, value)
      expect(error).toMatchObject({ name: 'AuthError', code: 'invalid_options' })
      expect((error as Error).message).toContain(option)
    },
  )

  it('of any kind are refused as invalid_options or taken, and nothing else is ever thrown', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.dictionary(fc.constantFrom('a', 'b'), fc.string(), { noNullPrototype: true }),
    )
    fc.assert(
      fc.property(fc.constantFrom('token', 'templateId', 'apiBase', 'keyUrl'), value, (option, value) => {
        const error = withOption(option, value)
        expect(error === undefined || (isAuthError(error) && error.code === 'invalid_options')).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('never say again what was given', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('token', 'templateId', 'apiBase'),
        fc.stringMatching(/^[a-z]{12}!$/),
        (option, value) => {
          expect((withOption(option, value) as Error).message).not.toContain(value)
        },
      ),
    )
  })

  it('templateId is needed, but not beside keyUrl or requestKey', () => {
    expect(refusalOf({ token: TOKEN })).toMatchObject({ code: 'invalid_options' })
    expect(refusalOf({ token: TOKEN, keyUrl: 'https://shop.example/key' })).toBeUndefined()
    expect(refusalOf({ token: TOKEN, requestKey: async () => 'SASS_my_own' })).toBeUndefined()
  })

  it('are not taken from Object.prototype', async () => {
    const polluted = Object.prototype as Record<string, unknown>
    polluted.apiBase = 'https://evil.example'
    polluted.keyUrl = 'https://evil.example/key'
    try {
      const { auth, service } = await openPage()
      await auth.getKey()
      expect(service.asked[0]?.url.startsWith(API)).toBe(true)
    } finally {
      delete polluted.apiBase
      delete polluted.keyUrl
    }
  })
})

describe('options that are right', () => {
  const right: [string, unknown[]][] = [
    ['token', ['a', 'x'.repeat(64), 'A_b-9']],
    ['templateId', [TEMPLATE, TEMPLATE.toLowerCase(), undefined].slice(0, 2)],
    [
      'apiBase',
      [
        undefined,
        'https://api.filerobot.com/',
        'https://proxy.example/a/b/',
        'http://localhost:8787',
        'http://api.localhost',
        'http://127.0.0.1:1',
        'http://127.255.0.9',
        'http://[::1]:8787',
      ],
    ],
    ['keyUrl', [undefined, '/key', 'key', 'https://shop.example/key?x=1', new URL('https://shop.example/key')]],
    [
      'allowedOrigins',
      [undefined, [], ['https://cdn.example.com/path?x'], ['http://localhost:1', 'https://bücher.example']],
    ],
    ['storage', [undefined, 'indexeddb', 'memory', { get: async () => {}, update: async () => {} }]],
    ['cacheScope', [undefined, '', 'anna', 'a b/ü']],
    ['maxWaitMs', [undefined, 0, 60_000]],
    ['timeoutMs', [undefined, 1, 60_000]],
    ['defaultLifetimeSeconds', [undefined, 1, 5_184_000]],
    ['maxKeyRequestsPerMinute', [undefined, 1, 60]],
  ]
  it.each(right.flatMap(([option, values]) => values.map(value => [option, value] as const)))(
    '%s: %s',
    (option, value) => {
      expect(withOption(option, value)).toBeUndefined()
    },
  )
})
