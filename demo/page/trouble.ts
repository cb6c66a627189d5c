import { effect, signal } from '@preact/signals'
import type { Auth } from '../../src/index.ts'
import type { Connection } from './connection.ts'
import {
  clearFaults,
  type EmulatorLink,
  emulator,
  type Faults,
  setFaults,
  setServerClock,
  useUpMinute,
} from './emulator-link.ts'
import { openQuestions } from './service-ways.ts'
import { spanWords } from './time-words.ts'

/** A way in which an API misbehaves. */
export interface Trouble {
  id: string
  label: string
  about: string
  faults: Faults
}

const SLOW_MS = 2000
/** Longer than the service's minute. */
const PATIENCE_MS = 90_000
const everything = (answer: 'server_error' | 'drop'): Faults => ({
  keyAnswer: answer,
  apiAnswer: answer,
  deliveryAnswer: answer,
})

export const troubles: Trouble[] = [
  { id: 'none', label: 'Normal', about: 'Answers at once', faults: {} },
  { id: 'slow', label: 'Slow', about: 'Every answer takes 2 s longer', faults: { latencyMs: SLOW_MS } },
  { id: 'limit', label: 'Limited', about: 'Key requests are refused: too many', faults: { keyAnswer: 'too_many' } },
  { id: 'errors', label: 'Failing', about: 'Server errors everywhere', faults: everything('server_error') },
  { id: 'away', label: 'Gone', about: 'Connections end without an answer', faults: everything('drop') },
]

export const lifetimes = [
  { label: 'As the template says', seconds: 0 },
  { label: '1 minute', seconds: 60 },
  { label: '20 seconds', seconds: 20 },
]

export const trouble = signal('none')
export const lifetimeSeconds = signal(0)
/** Which answer each open question has, by the question's id; the first where there is none. */
export const ways = signal<Readonly<Record<string, number>>>({})

/** Switches one trouble on, and so every other one off. */
export async function cause(link: EmulatorLink, { id }: Trouble): Promise<void> {
  trouble.value = id
  await apply(link)
}

/** How long the emulator's next keys live. */
export async function setLifetime(link: EmulatorLink, seconds: number): Promise<void> {
  lifetimeSeconds.value = seconds
  await apply(link)
}

/** Answers an open question otherwise. */
export async function setWay(link: EmulatorLink, questionId: string, answer: number): Promise<void> {
  ways.value = { ...ways.value, [questionId]: answer }
  await apply(link)
}

async function apply(link: EmulatorLink): Promise<void> {
  const answers = openQuestions.map(({ id, answers }) => answers[ways.value[id] ?? 0])
  const wanted: Faults = Object.assign({}, ...answers.map(answer => answer?.faults))
  const { faults } = troubles.find(({ id }) => id === trouble.value) ?? {}
  await clearFaults(link)
  await setFaults(link, { ...wanted, ...faults, validitySeconds: lifetimeSeconds.value })
  await setServerClock(link, answers.find(answer => answer?.clockOffsetMs)?.clockOffsetMs ?? 0)
}

/**
 * A visitor without a key comes in a minute of which colleagues behind the same address have used up the five
 * requests, and waits for his turn.
 *
 * @param report is told how far it has come
 */
export async function arriveInFullMinute(
  link: EmulatorLink,
  connection: Connection,
  auth: Auth,
  report: (words: string) => void,
): Promise<void> {
  await useUpMinute(link, connection)
  await auth.clear()
  report('Others have used up this minute’s five. Signed out, asked, and waiting …')
  const askedAtMs = Date.now()
  await auth.getKey({ maxWaitMs: PATIENCE_MS })
  report(`Its turn came after ${spanWords(Math.round((Date.now() - askedAtMs) / 1000))}`)
}

// Every connection begins without any.
effect(() => {
  void emulator.value
  trouble.value = 'none'
  lifetimeSeconds.value = 0
  ways.value = {}
})
