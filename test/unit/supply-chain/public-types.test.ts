// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { changedExports } from '../../../scripts/api/changes.mjs'
import { unnamedChanges } from '../../../scripts/changelog/unnamed-changes.mjs'

const core = `
import { ReactNode } from 'react';

interface Address {
    readonly [BRAND]: true;
    apiBase?: string | undefined;
}

export interface Auth extends Address {
    peek(): Key | undefined;
}

const BRAND: unique symbol;

export function createAuth(options: Options): Auth;

export interface Key {
    readonly value: string;
}

interface Options {
    children?: ReactNode;
    on?: Events;
}

type Events = 'key' | 'wait';

`
const hooks = `
export function useKey(): Key;

interface Key {
    readonly value: string;
}

`
const before = new Map([
  ['core', core],
  ['hooks', hooks],
])
const withCore = (change: (code: string) => string) => new Map([...before, ['core', change(core)]])
const told = (after: ReadonlyMap<string, string>) =>
  changedExports(before, after).map(({ entry, name, change }) => `${entry} ${name} ${change}`)

describe('a change of the public types', () => {
  it.each([
    ['a new export', `${core}export type Kind = 'a';\n`, ['core Kind new']],
    ['an export under another name', `${core}export { Auth as Authority }\n`, ['core Authority new']],
    ['an overload', `${core}export function createAuth(): Auth;\n`, ['core createAuth changed']],
    ['an export that is gone', core.replace('export function', 'function'), ['core createAuth gone']],
    ['a member', core.replace('value: string', 'value: string | undefined'), ['core Key changed']],
    ['a type behind an export', core.replace('apiBase?', 'apiBase'), ['core Auth changed']],
    ['a type behind that', core.replace("'wait'", "'hold'"), ['core createAuth changed']],
    ['where a type comes from', core.replace("'react'", "'preact'"), ['core createAuth changed']],
  ])('is found: %s', (_, code, expected) => {
    expect(told(withCore(() => code))).toEqual(expected)
  })

  it('is told where it is exported, and not in each entry that names it', () => {
    const value = (code: string) => code.replace('value: string', 'value: number')
    expect(told(new Map([...before].map(([entry, code]) => [entry, value(code)])))).toEqual(['core Key changed'])
  })

  it('is told of the export alone where a type that others name is exported from now on', () => {
    expect(told(withCore(code => code.replace('interface Options', 'export interface Options')))).toEqual([
      'core Options new',
    ])
  })

  it('is told of what an entry exports where another one exports something else by the same name', () => {
    const own = (code: string) => `export function use(): Key;\n\ninterface Key {\n    ${code};\n}\n`
    const [one, other] = ['id: 1', 'id: 2'].map(code => new Map([...before, ['more', own(code)]])) as [
      Map<string, string>,
      Map<string, string>,
    ]
    expect(changedExports(one, other)).toEqual([{ entry: 'more', name: 'use', change: 'changed' }])
  })

  it('is all of an entry that is new or gone', () => {
    expect(told(new Map([...before, ['more', 'export type More = 1;\n']]))).toEqual(['more More new'])
    expect(told(new Map([['hooks', hooks]]))).toEqual(
      expect.arrayContaining(['core Auth gone', 'core Key gone', 'core createAuth gone']),
    )
  })

  it('is none where only a type that nobody exports or names has come', () => {
    expect(told(withCore(code => `${code}type Own = 1;\n`))).toEqual([])
    expect(told(before)).toEqual([])
  })
})

describe('a change that the changelog does not tell', () => {
  const after = withCore(code => code.replace('value: string', 'value: number'))
  const unnamed = (part: string) =>
    unnamedChanges(before, after, `# Changes\n\n## [Unreleased]\n\n${part}\n\n## [0.1.0] - 2026-01-01\n\n- \`Key\`\n`)

  it.each([
    ['nothing is told', ''],
    ['it is told of another', '- `Keys` and `MyKey` are new.'],
    ['it is no code', '- A Key has a number.'],
  ])('is found out where %s', (_, part) => {
    expect(unnamed(part)).toEqual([{ entry: 'core', name: 'Key', change: 'changed' }])
  })

  it.each(['- `Key` has a number.', '- `peek(): Key` has a number.', '- `Key.value` is a number.'])(
    'is none where the export is named: %s',
    part => {
      expect(unnamed(part)).toEqual([])
    },
  )

  it('cannot be looked for without a part for what is not released', () => {
    expect(() => unnamedChanges(before, after, '# Changes\n\n## [0.1.0] - 2026-01-01\n')).toThrow('[Unreleased]')
  })
})
