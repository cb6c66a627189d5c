import { openQuestions } from '../service-ways.ts'
import { lifetimes, troubles } from '../trouble-kinds.ts'
import { oneOf, type Parameter, text } from './read-link.ts'

/** Which project is asked, by which template, and where; the same on every page that asks for keys. */
export const connectionParameters: readonly Parameter[] = [
  text('token', 'a project token'),
  text('template', 'the identifier of a Security Template'),
  text('api', 'an address'),
]

/** What is wrong with the emulator. */
export const troubleParameters: readonly Parameter[] = [
  oneOf(
    'fault',
    troubles.map(({ id }) => id),
  ),
  oneOf(
    'validity',
    lifetimes.map(({ seconds }) => String(seconds)),
  ),
  ...openQuestions.map(({ id, answers }) =>
    oneOf(
      id,
      answers.map(answer => answer.id),
    ),
  ),
]

/** `new`: forgets the stored key first, as if this browser had never been here. */
export const visitorParameter = oneOf('visitor', ['new'])
export const themeParameter = oneOf('theme', ['light', 'dark'])
