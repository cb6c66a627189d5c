import { SEED } from '../../demo/emulator/index.ts'
import type { Random } from '../model/random.ts'
import { SOAK_FOLDER } from './file-content.ts'
import type { TabAction } from './page/tab.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const LIST = `/${SEED.token}/v4/files?folder=${SOAK_FOLDER}`
const PICTURE = `/cdn/${SEED.token}/photos/night-ridge.png`

/** Everything that may happen in a busy spell, and how often it does in proportion. */
const WEIGHTS = {
  'open a tab': 4,
  'close a tab': 3,
  'reload a tab': 3,
  'freeze a tab': 2,
  'thaw the tabs': 3,
  'hide a tab': 2,
  'show the tabs': 3,
  'go offline': 1.5,
  'come online': 4,
  'kill the browser': 0.8,
  'switch faults on': 9,
  'switch faults off': 6,
  'expire all keys': 1.5,
  'revoke all keys': 1,
  'use up the minute': 1.5,
  'set the clock': 0.7,
  'set the clock of a tab': 0.7,
  'put the clocks right': 3,
  'let the machine sleep': 0.5,
  'delete the database': 0.7,
  clear: 1,
  invalidate: 1.5,
  'renew an auth': 2,
  subscribe: 4,
  unsubscribe: 2,
  'ask for keys': 10,
  'ask impatiently': 4,
  'ask and leave': 4,
  'ask for a new key': 2,
  'ask for new keys, one after the other': 1.5,
  list: 6,
  'load a private picture': 3,
  'upload by fetch': 4,
  'upload by the widget': 4,
} as const

export type Happening = keyof typeof WEIGHTS

const all = Object.entries(WEIGHTS) as [Happening, number][]

/** What may happen, each once. */
export const HAPPENINGS = all.map(([happening]) => happening)

/** What happens next; of everything, or of some. */
export function pick(random: Random, only?: readonly Happening[]): Happening {
  const entries = all.filter(([happening]) => !only || only.includes(happening))
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [happening, weight] of entries) {
    left -= weight
    if (left < 0) return happening
  }
  return entries[0]![0]
}

export const oneOf = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)]!

/** By how much a clock is wrong: a minute, an hour, a day, either way. */
export const wrongOffsetMs = (random: Random) => oneOf([-24, -1, -0.02, 0.02, 0.33, 1, 24], random) * HOUR_MS

/** How long a quiet spell lasts: a coffee, a meeting, a night. Shorter ones would not let a block of 15 minutes end. */
export const quietMs = (random: Random) => oneOf([0.29, 0.29, 0.5, 0.5, 1, 1, 2, 6], random) * HOUR_MS

/** What happens in one tab and to nothing else. @throws {Error} for what does not */
export function actionIn(happening: Happening, random: Random): TabAction {
  switch (happening) {
    case 'clear':
    case 'invalidate':
    case 'subscribe':
    case 'unsubscribe':
      return { do: happening }
    case 'renew an auth':
      return { do: 'renew auth' }
    case 'hide a tab':
      return { do: 'show', isVisible: false }
    case 'ask for keys':
      return { do: 'getKey', options: {}, count: 1 + Math.floor(random() * 20) }
    case 'ask impatiently':
      return { do: 'getKey', options: { maxWaitMs: 0, minValidityMs: oneOf([0, MINUTE_MS], random) }, count: 2 }
    case 'ask and leave':
      return { do: 'getKey', options: {}, abortAfterMs: oneOf([0, 1, 500, 20_000], random), count: 2 }
    case 'ask for a new key':
      return { do: 'getKey', options: { forceRefresh: true, maxWaitMs: MINUTE_MS }, count: 2 }
    case 'list':
      return { do: 'request', kind: 'list', path: LIST }
    case 'load a private picture':
      return { do: 'request', kind: 'picture', path: PICTURE }
    default:
      throw new Error(`"${happening}" is no action of a tab`)
  }
}
