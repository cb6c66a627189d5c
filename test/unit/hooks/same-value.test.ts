import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { isSameValue } from '../../../src/hooks/same-value.ts'

/** Made in another realm, as in a frame. */
const elsewhere = (code: string): unknown => runInNewContext(code)

describe('options mean the same', () => {
  it.each([
    ['literals', { folder: '/spin', urlsX: ['a', 'b'] }, { urlsX: ['a', 'b'], folder: '/spin' }],
    ['nested literals', { design: { filter: { value: 0.5 } } }, { design: { filter: { value: 0.5 } } }],
    ['patterns', { namesX: /^x/i }, { namesX: /^x/i }],
    ['addresses', { source: new URL('https://a.example/b') }, { source: new URL('https://a.example/b') }],
    ['what is undefined, and what is absent', { folder: '/', name: undefined }, { folder: '/' }],
    ['callbacks that differ', { onSaved: () => 1 }, { onSaved: () => 2 }],
    ['callbacks that come and go', { onSaved: () => 1 }, {}],
    ['not a number', { timeoutMs: Number.NaN }, { timeoutMs: Number.NaN }],
    ['nothing', undefined, undefined],
    ["another realm's literals", elsewhere("({ a: ['b'], c: /d/ })"), { a: ['b'], c: /d/ }],
    ['literals without a prototype', Object.assign(Object.create(null), { folder: '/' }), { folder: '/' }],
  ])('with %s', (_, a, b) => {
    expect([isSameValue(a, b), isSameValue(b, a)]).toEqual([true, true])
  })

  const element = {}
  it.each([
    ['another value', { folder: '/a' }, { folder: '/b' }],
    ['one more', { folder: '/a' }, { folder: '/a', name: 'b' }],
    ['another order of a list', { urlsX: ['a', 'b'] }, { urlsX: ['b', 'a'] }],
    ['a longer list', { urlsX: ['a'] }, { urlsX: ['a', 'b'] }],
    ['a list, and an object with its keys', { urlsX: ['a'] }, { urlsX: { 0: 'a' } }],
    ['another pattern', { namesX: /^x/ }, { namesX: /^y/ }],
    ['other flags', { namesX: /^x/ }, { namesX: /^x/i }],
    ['a pattern, and none', { namesX: /^x/ }, {}],
    ['a pattern, and its text', { namesX: /^x/ }, { namesX: '/^x/' }],
    ['an address, and its text', { source: new URL('https://a.example') }, { source: 'https://a.example/' }],
    ['another address', { source: new URL('https://a.example') }, { source: new URL('https://b.example') }],
    ['null', { design: null }, { design: {} }],
    ['false', { notice: false }, {}],
    ['instances of a class', { of: Object.create({ element }) }, { of: Object.create({ element }) }],
  ])('not with %s', (_, a, b) => {
    expect([isSameValue(a, b), isSameValue(b, a)]).toEqual([false, false])
  })
})
