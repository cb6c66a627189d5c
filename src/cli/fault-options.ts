import { type Command, Option } from 'commander'
import { FAULT_SPECS, type FaultSpec, wrongFaults } from '../../demo/emulator/fault-specs.ts'
import type { Faults } from '../../demo/emulator/index.ts'
import { UsageError } from './exit-status.js'

const HEADING = 'Faults, and ways that the documentation leaves open (the first of a list is the default):'

/** `latencyMs` → `latency-ms`: the way that the library for arguments reads options back. */
const kebab = (name: string) => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** `--latency-ms <number>`, `--cors-off`, `--no-claims-in-key`: a flag says the opposite of what is so without it. */
export function faultFlag({ name, initial }: FaultSpec): string {
  if (typeof initial === 'boolean') return `--${initial ? 'no-' : ''}${kebab(name)}`
  return `--${kebab(name)} <${typeof initial === 'number' ? 'number' : 'value'}>`
}

function describe({ about, wanted, initial, values }: FaultSpec): string {
  if (values) return `${about}: ${values.join(', ')}`
  return typeof initial === 'string' ? `${about}: ${wanted}` : about
}

/** Gives a command an option for each fault that the emulator knows. */
export function addFaultOptions(command: Command): void {
  for (const spec of FAULT_SPECS) {
    command.addOption(new Option(faultFlag(spec), describe(spec)).helpGroup(HEADING))
  }
}

/**
 * The faults that were named on the command line.
 *
 * @throws {UsageError} that names the option and says what is wanted
 */
export function faultsOf(command: Command): Partial<Faults> {
  const named = FAULT_SPECS.filter(({ name }) => command.getOptionValueSource(name) === 'cli')
  return Object.fromEntries(named.map(spec => [spec.name, readFault(spec, command.getOptionValue(spec.name))]))
}

function readFault(spec: FaultSpec, given: unknown): unknown {
  const { name, initial, wanted } = spec
  const isNumber = typeof initial === 'number' && typeof given === 'string' && given.trim() !== ''
  const value = isNumber ? Number(given) : given
  if (wrongFaults({ [name]: value }).length > 0) throw new UsageError(`--${kebab(name)}: ${wanted}, is wanted`)
  return value
}
