import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { createTerminal } from '../../src/cli/terminal.ts'
import { fakeService, TEMPLATE, TOKEN } from '../unit/fakes.ts'
import { corpus } from './corpus.ts'
import { expectCleanPrototype } from './prototype.ts'

let service = fakeService()

beforeEach(() => {
  service = fakeService()
  vi.stubGlobal('fetch', service.fetch)
})
afterEach(() => {
  vi.unstubAllGlobals()
  expectCleanPrototype()
})

/** Runs a command line in this process; it is told to end as soon as it listens. */
async function runWith(args: readonly string[]) {
  let written = ''
  const output = { write: (text: string) => ((written += text), true) }
  const process = {
    stderr: output,
    stdout: output,
    exit: vi.fn<() => void>(),
    on: (_: string, end: () => void) => setImmediate(end),
  }
  const out = vi.spyOn(globalThis.process.stdout, 'write').mockImplementation(text => output.write(String(text)))
  try {
    const status = await run(args, createTerminal(output, output, {}), process as never)
    return { status, written }
  } finally {
    out.mockRestore()
  }
}

let checks = 0
/** Of another template each time: a key of an earlier one would still be in this process's memory. */
const check = (...more: string[]) => [
  'check',
  '--token',
  TOKEN,
  '--template',
  `SECU_${String(checks++).padStart(32, '0')}`,
  ...more,
]

describe('any command line', () => {
  it.each(corpus<string[]>('arguments'))('ends as the documentation says: %s', async (_, { value, times = 1 }) => {
    const { status, written } = await runWith(value.map(word => word.repeat(times)))
    expect([0, 1, 2, 3]).toContain(status)
    expect(written).not.toMatch(/\n {4}at |node:internal|\u001B/)
    expect(written).not.toMatch(/(?<!ERR_)SASS_(?!…)/)
    expect(written.toLowerCase()).not.toContain('0123456789abcdef0123456789abcdef')
  })

  it('ends with a documented status, without a stack trace and without a key', async () => {
    const key = fc.stringMatching(/^SASS_[A-Za-z0-9_+/=.~!$%()*,:;?@^`|{}[\]-]{8,40}$/)
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      key,
      fc.constantFrom(
        'check',
        'emulator',
        'help',
        '--help',
        '--version',
        '--json',
        '--strict',
        '--timeout',
        '--token',
        '--template',
        '--record',
        '--',
        '-',
        '__proto__',
        TOKEN,
        TEMPLATE,
      ),
      key.map(value => `--token=${value}`),
      key.map(value => `--${value}`),
    )
    const args = fc.oneof(
      fc.array(word, { maxLength: 6 }),
      fc.array(word, { maxLength: 4 }).map(more => ['check', '--token', TOKEN, '--template', TEMPLATE].concat(more)),
    )
    const counts: Record<number, number> = {}
    await fc.assert(
      fc.asyncProperty(
        // What would write files, listen for long or print a key on purpose is tried by name.
        args.filter(words => !words.some(word => /^(emulator|--rec|--print)/.test(word))),
        async words => {
          const { status, written } = await runWith(words)
          expect([0, 1, 2, 3]).toContain(status)
          expect(written).not.toMatch(/\n {4}at |node:internal/)
          expect(written).not.toMatch(/(?<!ERR_)SASS_(?!…)/)
          counts[status] = (counts[status] ?? 0) + 1
          expectCleanPrototype()
        },
      ),
      { numRuns: 400 },
    )
    expect(counts[2]).toBeGreaterThan(50)
  })

  it.each(['hostile', '::1%x', '256.256.256.256', '-1', ''])('of an emulator for the address %j ends', async host => {
    const { status, written } = await runWith(['emulator', '--port', '0', '--no-pictures', '--host', host])
    expect([0, 1, 2]).toContain(status)
    expect(written).not.toMatch(/\n {4}at /)
  })
})

describe('any answer of a service', () => {
  it.each(corpus<string>('answers'))('is told without a stack trace: %s', async (_, { value, nest = 0 }) => {
    for (const status of [200, 403]) {
      service.answerKey = () => new Response(value.replace('%s', '['.repeat(nest) + ']'.repeat(nest)), { status })
      for (const how of [[], ['--json']]) {
        const ended = await runWith(check(...how))
        expect(ended.status).toBe(1)
        expect(ended.written).not.toMatch(/\n {4}at |SASS_(?!…|INVALID)/)
      }
    }
  })
})
