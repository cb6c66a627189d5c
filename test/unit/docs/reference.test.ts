// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readOptions } from '../../../src/options.ts'
import { readPage, root } from './documentation.ts'

const options = readPage('docs/options.md').text
const errors = readPage('docs/errors.md').text

/** The text of an exported type, as the formatter leaves it: up to its closing bracket, or to an empty line. */
function declaration(file: string, name: string): string {
  const code = readFileSync(root + file, 'utf8')
  return new RegExp(`^export (?:interface|type) ${name}\\b.*?\\n(?=[})]|\\n)`, 'ms').exec(code)![0]
}
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!)
const propertiesOf = (name: string) => all(declaration('src/types.ts', name), /^ {2}(\w+)\??:/gm)

/** The text below a heading, up to the next one of its level. */
function section(text: string, heading: string): string {
  const [, level, rest] = new RegExp(`^(#+) ${heading}\n(.*)`, 'ms').exec(text)!
  return rest!.split(new RegExp(`^#{1,${level!.length}} `, 'm'))[0]!.trim()
}
/** What the third column of a table says in the row of an option. */
function defaultOf(name: string, text: string): string | undefined {
  const line = new RegExp(`^\\| \\[?\`${name}\`.*$`, 'm').exec(text)?.[0]
  return line
    ?.split(/(?<!\\)\|/)[3]
    ?.trim()
    .replaceAll('`', '')
}

describe('the page of options', () => {
  const needed = { token: 'fusqadtm', templateId: `SECU_${'0'.repeat(32)}` }
  const settings = readOptions(needed, undefined)
  const { apiBase, storage, defaultLifetimeSeconds, timeoutMs, maxWaitMs, maxKeyRequestsPerMinute } = settings
  const numbers = { defaultLifetimeSeconds, timeoutMs, maxWaitMs, maxKeyRequestsPerMinute }
  const inWords: Record<string, string> = {
    token: 'needed',
    templateId: 'needed, unless keyUrl or requestKey is given',
    keyUrl: settings.keyUrl
      .replace(apiBase, '{apiBase}')
      .replace(needed.token, '{token}')
      .replace(needed.templateId, '{templateId}'),
    allowedOrigins: JSON.stringify(settings.allowedOrigins.filter(origin => origin !== apiBase)),
    apiBase: `'${apiBase}'`,
    storage: `'${storage as string}'`,
    fetch: 'the global one',
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
  }

  it.each(propertiesOf('AuthOptions'))('tells of %s, with its default as it is in the code', name => {
    expect(section(options, name).length).toBeGreaterThan(40)
    expect(defaultOf(name, section(options, 'createAuth'))?.replace(/(?<=\d)_/g, '')).toBe(inWords[name] ?? 'none')
    // A default that is new in the code is in neither of them yet.
    expect(name in inWords || !(name in settings)).toBe(true)
  })

  it.each(propertiesOf('GetKeyOptions'))('tells of %s, for one call, with the default of its docstring', name => {
    const docstring = new RegExp(`@default ([^@*]*(?:@link)?[^@*]*?) \\*/\\s*${name}\\?:`).exec(
      declaration('src/types.ts', 'GetKeyOptions'),
    )?.[1]
    const told = defaultOf(name, section(options, 'getKey'))
    expect(told).toBe(docstring?.replace('{@link AuthOptions}', 'createAuth') ?? 'none')
  })

  it('tells of every event', () => {
    const names = all(declaration('src/types.ts', 'AuthEvent'), /readonly type: '(\w+)'/g)
    expect(names).toContain('option_ignored')
    expect(all(section(options, 'onEvent'), /^\| `(\w+)` \|/gm).sort()).toEqual(names.sort())
  })
})

describe('the page of errors', () => {
  const codes = all(declaration('src/errors.ts', 'AuthErrorCode'), /'(\w+)'/g)

  it('has a section for each code, and for no other', () => {
    expect(codes).toContain('disposed')
    expect(all(errors, /^## ([a-z_]+)$/gm)).toEqual(codes)
  })

  it.each(codes)('says what %s means for a visitor, how it is recognised, and what to do', code => {
    const parts = all(section(errors, code), /^\*\*(.*?):\*\* \S/gm)
    expect(parts).toEqual(['A visitor', 'To recognise it', 'What to do'])
    expect(all(section(errors, 'At a glance'), /^\| \[`(\w+)`\]/gm)).toContain(code)
  })
})
