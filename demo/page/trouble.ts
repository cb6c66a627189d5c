import { signal } from '@preact/signals'
import type { Auth } from '../../src/index.ts'
import type { Connection } from './connection.ts'
import { clearFaults, type EmulatorLink, type Faults, setFaults, setServerClock, useUpMinute } from './emulator-link.ts'
import type { LinkedState } from './link/read-link.ts'
import { openQuestions } from './service-ways.ts'
import { spanWords } from './time-words.ts'
import { type Trouble, troubles } from './trouble-kinds.ts'

/** Longer than the service's minute. */
const PATIENCE_MS = 90_000

export const trouble = signal('none')
export const lifetimeSeconds = signal(0)
/** Which answer each open question has, by the question's id; the first where there is none. */
export const ways = signal<Readonly<Record<string, number>>>({})

/** Begins with the trouble that a link asks for, and else with an API in good health, whatever an earlier visit left. */
export async function beginTrouble(link: EmulatorLink | undefined, linked: LinkedState = {}): Promise<void> {
  const wanted = link ? linked : {}
  trouble.value = wanted['fault'] ?? 'none'
  lifetimeSeconds.value = Number(wanted['validity'] ?? 0)
  ways.value = Object.fromEntries(
    openQuestions.map(({ id, answers }) => [
      id,
      Math.max(
        0,
        answers.findIndex(answer => answer.id === wanted[id]),
      ),
    ]),
  )
  if (link) await apply(link)
}

/** What {@link beginTrouble} would have to be given to come to the present trouble. */
export function troubleForLink(): Record<string, string | undefined> {
  const answered = openQuestions.map(({ id, answers }) => {
    const answer = ways.value[id]
    return [id, answer ? answers[answer]?.id : undefined]
  })
  return {
    fault: trouble.value === 'none' ? undefined : trouble.value,
    validity: lifetimeSeconds.value ? String(lifetimeSeconds.value) : undefined,
    ...(Object.fromEntries(answered) as Record<string, string | undefined>),
  }
}

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
