import { createContext, runInContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { AuthError, isAuthError } from '../../src/index.ts'
import { failureOf, openPage, tidyUp } from './fakes.ts'

afterEach(tidyUp)

describe('AuthError', () => {
  it('is an Error with a code, and with what is known of the answer', async () => {
    const { auth, lib, service } = await openPage()
    service.answerKey = () => new Response('', { status: 429 })
    const error = await failureOf(auth.getKey({ maxWaitMs: 0 }))
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(lib.AuthError)
    expect(error).toMatchObject({ name: 'AuthError', code: 'rate_limited', status: 429 })
    expect(error.retryAtMs).toBeTypeOf('number')
    expect(error.message.length).toBeGreaterThan(5)
    expect(String(error)).toBe(`AuthError: ${error.message}`)
    expect('cause' in error).toBe(false)
  })
})

describe('isAuthError', () => {
  it('knows the errors of another copy of this library, which instanceof does not', async () => {
    const [one, other] = [await openPage(), await openPage()]
    expect(one.lib.AuthError).not.toBe(other.lib.AuthError)
    one.service.answerKey = () => new Response('', { status: 503 })
    const error = await failureOf(one.auth.getKey({ maxWaitMs: 0 }))
    expect(error).not.toBeInstanceOf(other.lib.AuthError)
    expect([one.lib.isAuthError(error), other.lib.isAuthError(error), isAuthError(error)]).toEqual([true, true, true])
  })

  it('knows the errors of another realm', () => {
    // The brand is a registered symbol: any realm has the same one.
    const [brand] = Object.getOwnPropertySymbols(AuthError.prototype).map(symbol => Symbol.keyFor(symbol))
    expect(brand).toBeTypeOf('string')
    const foreign: unknown = runInContext(
      `new (class extends Error { get [Symbol.for(${JSON.stringify(brand)})]() { return true } })('there')`,
      createContext({}),
    )
    expect(foreign).not.toBeInstanceOf(Error)
    expect(isAuthError(foreign)).toBe(true)
    const plain: unknown = runInContext(
      "Object.assign(new Error('there'), { name: 'AuthError', code: 'network' })",
      createContext({}),
    )
    expect(isAuthError(plain)).toBe(false)
  })

  it.each([
    undefined,
    null,
    0,
    '',
    'AuthError',
    true,
    Symbol('AuthError'),
    {},
    [],
    () => {},
    new Error('network'),
    { name: 'AuthError', code: 'network', message: 'x' },
    AuthError,
  ])('says no to anything else: %s', value => {
    expect(isAuthError(value)).toBe(false)
  })
})
