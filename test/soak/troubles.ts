import { FAULT_SPECS, type FaultSpec } from '../../demo/emulator/fault-specs.ts'
import type { Faults } from '../../demo/emulator/index.ts'
import type { Random } from '../model/random.ts'

type Value = Faults[keyof Faults]

/** Of what is no list, some amounts that matter, by their unit; and texts by the fault's name. */
const AMOUNTS: [unit: RegExp, amounts: number[]][] = [
  [/milliseconds/, [700, 4000, 12_000]],
  [/bytes per second/, [20_000]],
  [/seconds/, [20, 90, 600, 5000]],
]
const TEXTS: Partial<Record<keyof Faults, string[]>> = {
  redirectTo: ['/elsewhere', 'http://127.0.0.1:9/'],
  callerAddress: ['203.0.113.7'],
  callerCountry: ['DE'],
}

/** @throws {Error} for a fault of a new kind */
function valuesOf({ name, initial, wanted, values }: FaultSpec): readonly Value[] {
  if (values) return values.filter(value => value !== initial)
  if (typeof initial === 'boolean') return [!initial]
  const some = typeof initial === 'number' ? AMOUNTS.find(([unit]) => unit.test(wanted))?.[1] : TEXTS[name]
  if (!some) throw new Error(`The soak knows no values for the fault "${name}" (${wanted}): add some to troubles.ts.`)
  return some
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const pairs = items.map(item => [random(), item] as const)
  return pairs.sort(([a], [b]) => a - b).map(([, item]) => item)
}

/**
 * Every fault that the emulator knows, in a random order, and again when all of them were there, each time with another
 * of its values. New faults are among them by themselves.
 */
export class Troubles {
  /** How often each was switched on. */
  readonly times: Record<string, number> = Object.fromEntries(FAULT_SPECS.map(({ name }) => [name, 0]))
  readonly #random: Random
  readonly #values: Map<keyof Faults, Value[]>
  #deck: FaultSpec[] = []

  constructor(random: Random) {
    this.#random = random
    this.#values = new Map(FAULT_SPECS.map(spec => [spec.name, shuffled(valuesOf(spec), random)]))
  }

  /** The next faults: what to switch on together. */
  draw(count: number): Partial<Faults> {
    const drawn: [string, Value][] = []
    for (let n = 0; n < count; n++) {
      if (this.#deck.length === 0) this.#deck = shuffled(FAULT_SPECS, this.#random)
      const { name } = this.#deck.pop()!
      const values = this.#values.get(name)!
      const value = values.shift()!
      values.push(value)
      this.times[name]!++
      drawn.push([name, value])
    }
    return Object.fromEntries(drawn)
  }
}
