import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeAccessKey } from '../../src/index.ts'
import { corpus } from './corpus.ts'
import { hostileKeys, keyAround } from './hostile-keys.ts'
import { expectCleanPrototype } from './prototype.ts'

/** How many inputs the decoder is given; `npm run hostile` gives it a million, and writes down how long that took. */
const wanted = Number(process.env['HOSTILE_RUNS'] ?? 20_000)
const batch = 500

afterEach(expectCleanPrototype)

const LISTS = ['domains', 'uploadFolders', 'listFolders', 'allowedIps', 'allowedCountries'] as const
const NUMBERS = ['startSeconds', 'ageSeconds', 'maxUploads', 'maxUploadsPerMinute', 'maxUploadsPerIp'] as const
const NAMES = new Set<string>([...LISTS, ...NUMBERS, 'templateId', 'permissions', 'other'])
const isItems = (value: unknown) =>
  Array.isArray(value) && value.every(item => typeof item === 'string' && item.length > 0)

/** What is wrong with a result, or nothing. Not by `expect`, which takes longer than decoding. */
function faultOf(key: string): string | undefined {
  const claims = decodeAccessKey(key)
  if (claims === undefined) return undefined
  const { templateId, permissions, other } = claims
  if (Object.getPrototypeOf(claims) !== Object.prototype) return 'the result has another prototype'
  for (const name of Reflect.ownKeys(claims)) if (!NAMES.has(name as string)) return `it has ${String(name)}`
  for (const name of LISTS) if (!isItems(claims[name])) return `${name} is no list of texts`
  for (const name of NUMBERS) {
    const number = claims[name]
    if (number !== undefined && !(Number.isFinite(number) && number >= 0)) return `${name} is no number`
  }
  if (templateId !== undefined && !(typeof templateId === 'string' && templateId)) return 'templateId is no text'
  if (permissions !== undefined && typeof permissions !== 'bigint') return 'permissions is no bigint'
  if (Object.getPrototypeOf(other) !== null) return 'other has a prototype'
  for (const value of Object.values(other)) {
    if (typeof value !== 'string' && !isItems(value)) return 'other holds something else'
  }
  return undefined
}

/** The key of an input of the corpus. */
const keyOf = (text: string, isInside?: boolean, isLatin1?: boolean) =>
  isInside ? keyAround(Buffer.from(text, isLatin1 ? 'latin1' : 'utf8')) : text

describe('the key decoder', () => {
  it.each(corpus<string>('keys'))('does not stumble over %s', (_, { value, times = 1, inside, latin1 }) => {
    expect(faultOf(keyOf(value.repeat(times), inside, latin1))).toBeUndefined()
  })

  it('keeps claims with names of a prototype, as its own, and no prototype', () => {
    const claims = decodeAccessKey(keyOf('__proto__:\u001Ba\tconstructor:x\tst:7', true))!
    expect(Object.entries(claims.other)).toEqual([
      ['__proto__', ['a']],
      ['constructor', 'x'],
    ])
    expect(claims.startSeconds).toBe(7)
  })

  it(`never throws and is never wrong: ${wanted.toLocaleString('en')} inputs`, { timeout: 1_200_000 }, () => {
    let count = 0
    const startedMs = performance.now()
    const before = process.cpuUsage()
    // What the decoder throws it catches itself; to note where each was thrown takes most of the time.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    fc.assert(
      fc.property(fc.integer(), seed => {
        for (const key of hostileKeys(seed, batch)) {
          count++
          const fault = faultOf(key)
          if (fault) throw new Error(`${fault}: ${JSON.stringify(key)}`)
        }
        expectCleanPrototype()
      }),
      { numRuns: Math.ceil(wanted / batch), endOnFailure: true },
    )
    Error.stackTraceLimit = stackTraceLimit
    const seconds = (performance.now() - startedMs) / 1000
    const { user, system } = process.cpuUsage(before)
    expect(count).toBeGreaterThanOrEqual(wanted)
    if (process.env['HOSTILE_RUNS']) writeDown(count, seconds, (user + system) / 1_000_000)
  })

  it('is as quick for a long key as its length says, and no slower', () => {
    const measureMs = (key: string) => {
      const startedMs = performance.now()
      decodeAccessKey(key)
      return performance.now() - startedMs
    }
    for (const [fill, inside] of [
      ['_', false],
      ['a:\t', true],
      ['d:\u001B\u001C', true],
      ['9', true],
    ] as const) {
      const [small, large] = [32_768, 262_144].map(length => keyOf(fill.repeat(length / fill.length), inside))
      let [smallMs, largeMs] = [Infinity, Infinity]
      // The best of several, as a busy machine makes some slow. What begins anew at each place takes 64 times as long.
      for (let round = 0; round < 5 || (round < 40 && largeMs > 32 * smallMs); round++) {
        smallMs = Math.min(smallMs, measureMs(small!))
        largeMs = Math.min(largeMs, measureMs(large!))
      }
      expect(largeMs / smallMs, JSON.stringify(fill)).toBeLessThan(32)
    }
  })
})

/** Puts the numbers of a long run into the document about it. */
function writeDown(count: number, seconds: number, processorSeconds: number): void {
  const document = new URL('../../docs/hostile-input.md', import.meta.url)
  const result =
    `${count.toLocaleString('en')} inputs in ${seconds.toFixed(1)} s ` +
    `(${processorSeconds.toFixed(1)} s of a processor), Node ${process.versions.node}, ${cpus()[0]?.model.trim()}`
  console.log(result)
  if (!existsSync(document)) return
  const text = readFileSync(document, 'utf8')
  writeFileSync(document, text.replace(/(<!-- last run -->\n)[^\n]*/, `$1${result}`))
}
