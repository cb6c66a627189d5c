import published from '../vectors/access-keys.json' with { type: 'json' }
import { createRandom } from './random.ts'

type Random = () => number

const NAMES = ['st', 'age', 'd', 'udir', 'ldir', 'dir', 'wip', 'wc', 'um', 'umpm', 'umip', 'p', 'sec', 'fid']
const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'other']
const PIECES = [
  '\t',
  ':',
  '\u001B',
  '\u001C',
  '__',
  '_',
  '=',
  '\u0000',
  '\uD800',
  '\uDC00',
  '\u{1F600}',
  'Ж',
  '\n',
  'A',
  '/',
  '+',
]
const NUMBERS = [
  '0',
  '-1',
  '1e9',
  '1200',
  '4294967296',
  '9'.repeat(20),
  '9'.repeat(21),
  '١٢',
  '0x10',
  ' 7',
  '1.5',
  'NaN',
]

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

/** A text that may mean something to the format. */
function hostileText(random: Random): string {
  let text = ''
  for (let left = Math.floor(random() * 6); left > 0; left--) text += pick(random, PIECES)
  return text + (random() < 0.3 ? pick(random, NUMBERS) : '')
}

/** A key with this inside, which need not be claims. */
export function keyAround(inside: Buffer, suffix = ''): string {
  const payload = inside.toString('base64').replace(/=+$/, '')
  return `SASS__v1.05__${Buffer.from(payload, 'latin1').reverse().toString('latin1')}__${suffix}`
}

/** A key by the rules, of claims that are not all by the rules. */
function writtenKey(random: Random): string {
  let text = ''
  for (let left = 1 + Math.floor(random() * 8); left > 0; left--) {
    const name = pick(random, random() < 0.7 ? NAMES : random() < 0.7 ? PROTOTYPE_NAMES : PIECES)
    const value = random() < 0.5 ? pick(random, NUMBERS) : hostileText(random)
    text += `${text && '\t'}${name}:${random() < 0.4 ? `\u001B${value}\u001C${hostileText(random)}` : value}`
    // The same once more, with another value.
    if (random() < 0.2) text += `\t${name}:${pick(random, NUMBERS)}`
  }
  return keyAround(Buffer.from(text), random() < 0.5 ? '' : 'ab12')
}

/** Cut, turned, doubled, put together from two, or with something else at one place. */
function mutated(random: Random, key: string, other: string): string {
  const at = Math.floor(random() * (key.length + 1))
  const to = Math.min(key.length, at + Math.floor(random() * 8))
  switch (Math.floor(random() * 7)) {
    case 0:
      return key.slice(0, at)
    case 1:
      return key.slice(0, at) + key.slice(to)
    case 2:
      return key.slice(0, at) + pick(random, PIECES) + key.slice(at)
    case 3:
      return key.slice(0, at) + hostileText(random) + key.slice(to)
    case 4:
      return key.slice(0, to) + key.slice(at)
    case 5:
      return key.slice(0, at) + other.slice(Math.floor(random() * other.length))
    default:
      return [...key].reverse().join('')
  }
}

/** What a decoder may be given: valid keys, nearly valid ones, and now and then anything. The same for the same seed. */
export function* hostileKeys(seed: number, count: number): Generator<string> {
  const random = createRandom(seed)
  for (let left = count; left > 0; left--) {
    const other = pick(random, published).key
    let key = random() < 0.5 ? writtenKey(random) : random() < 0.9 ? pick(random, published).key : hostileText(random)
    // Half of them stay as they are: what is wrong from the first sign on tries little of the rest.
    for (let changes = Math.floor(random() * 6) - 2; changes > 0; changes--) key = mutated(random, key, other)
    yield key
  }
}
