import { encodePayload } from '../../demo/emulator/key-codec.ts'
import type { World } from './world.ts'

/** What a bug, a disk, another script of the origin or a browser may do to stored records. */
export const DAMAGES = [
  'wipe',
  'junk',
  'truncate',
  'future',
  'past',
  'longSpan',
  'otherTemplate',
  'close',
  'delete',
] as const
export type Damage = (typeof DAMAGES)[number]

/** A key that the library must not take up: its claims name another template. */
export const STRANGE_KEY = `SASS__v1.05__${encodePayload([
  ['st', '1893456000'],
  ['age', '86400'],
  ['sec', 'SECU_FEDCBA9876543210FEDCBA9876543210'],
])}__cafe`

const JUNK: unknown[] = [
  null,
  7,
  'SASS_text_instead_of_a_record',
  [],
  { key: { toString: 1 } },
  { starts: 'many' },
  true,
]
const DAY_MS = 86_400_000

/** A stored record, of whichever kind. */
type Stored = Record<string, unknown>

const isRecord = (value: unknown): value is Stored =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isMoment = (name: string, value: unknown): value is number =>
  /AtMs$|UntilMs$/.test(name) && typeof value === 'number'

/** A record with all its moments moved. */
const moved = (record: Stored, byMs: number): Stored =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      isMoment(name, value) ? value + byMs : Array.isArray(value) ? value.map(at => Number(at) + byMs) : value,
    ]),
  )

export function damageRecords({ disk, database, random, setup }: World, damage: Damage): void {
  disk.noteFault()
  if (damage === 'close' || damage === 'delete') {
    if (setup.storage !== 'indexeddb') return
    if (damage === 'close') database.closeByForce()
    else database.delete()
    return
  }
  if (damage === 'wipe') return disk.records.clear()
  for (const [id, record] of disk.records)
    disk.records.set(id, isRecord(record) ? damaged(record, damage, random) : record)
}

function damaged(record: Stored, damage: Damage, random: () => number): unknown {
  switch (damage) {
    case 'junk':
      return JUNK[Math.floor(random() * JUNK.length)]
    case 'truncate':
      return Object.fromEntries(Object.entries(record).filter(() => random() < 0.5))
    case 'future':
      return moved(record, DAY_MS)
    case 'past':
      return moved(record, -DAY_MS)
    case 'longSpan':
      return {
        ...record,
        ...('expiresAtMs' in record && { expiresAtMs: Number(record.expiresAtMs) + 99 * DAY_MS }),
      }
    default:
      return 'key' in record ? { ...record, key: STRANGE_KEY } : record
  }
}
