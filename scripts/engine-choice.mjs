// Which engine and which build of the library somebody asks for on the command line.
import { builds, engineNames } from './engine-matrix.mjs'

const choices = { '--engine': ['TEST_ENGINE', engineNames], '--build': ['TEST_BUILD', builds] }

/** See `engine-choice.d.mts`. */
export function takeChoice(args) {
  const env = {}
  const rest = []
  for (let at = 0; at < args.length; at++) {
    const [option, inline] = args[at].split('=')
    const choice = choices[option]
    if (!choice) {
      rest.push(args[at])
      continue
    }
    const [variable, values] = choice
    const given = inline ?? args[++at] ?? ''
    const value = values.find(value => value.toLowerCase() === given.toLowerCase())
    if (!value) throw new Error(`${option} is one of ${values.join(', ')}, and not "${given}".`)
    env[variable] = value
  }
  return { env, rest }
}
