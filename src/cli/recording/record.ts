import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AccessKey } from '../../types.js'
import { own } from '../../untrusted.js'
import { type Place, systemCode } from '../asking.js'
import { CommandError } from '../exit-status.js'
import { folderIn } from '../folders.js'
import type { Terminal } from '../terminal.js'
import { clockTime } from '../time-words.js'
import { exchange } from './exchange.js'
import type { Fixture, RecordedResponse } from './fixture.js'
import { createPlaceholders, type Placeholders } from './placeholders.js'
import { EXPIRED_PROBE, LIMIT_PROBE, PROBES, type Probe } from './probes.js'

/** What is to be recorded, and where to. */
export interface Recording {
  readonly place: Place
  readonly key: AccessKey
  readonly timeoutMs: number
  readonly folder: string
  /** Asks until it is refused. */
  readonly recordLimit: boolean
  /** Waits until the key has expired. */
  readonly recordExpired: boolean
  /** @default a timer */
  readonly wait?: (durationMs: number) => Promise<unknown>
}

/** The service's limit, and one more. */
const LIMIT_ATTEMPTS = 6
/** After a key's end, by clocks that may differ a little. */
const AFTER_EXPIRY_MS = 2000
const STEP_MS = 3_600_000

/**
 * Sends the probes one after the other and writes a file for each.
 *
 * @throws {CommandError} when one had no answer, or a file cannot be written
 */
export async function recordService(recording: Recording, terminal: Terminal): Promise<void> {
  const { place, key, folder, recordLimit, recordExpired, wait = delay } = recording
  const { token, templateId } = place
  const placeholders = createPlaceholders({
    token,
    templateId,
    key: key.value,
    folder: folderIn(key.claims?.listFolders ?? []),
  })
  await makeFolder(folder)
  const write = async (probe: Probe, response: RecordedResponse) => {
    await writeFixture(recording, probe, response, placeholders)
    terminal.tell(`  ${probe.name}.json  ${response.status}`)
  }
  terminal.tell(`Recording to ${folder}, without keys:`)
  for (const probe of PROBES) await write(probe, await send(recording, probe, placeholders))
  if (recordLimit) {
    const refusal = await firstRefusal(recording, placeholders)
    if (refusal) await write(LIMIT_PROBE, refusal)
    else terminal.tell(`  ${LIMIT_PROBE.name}: not refused within ${LIMIT_ATTEMPTS} more key requests`)
  }
  if (recordExpired) {
    terminal.tell(`  ${EXPIRED_PROBE.name}: waits for the key's end, at ${clockTime(key.expiresAtMs, Date.now())}`)
    // In steps: a timer takes no more than 24 days.
    for (let leftMs = key.expiresAtMs + AFTER_EXPIRY_MS - Date.now(); leftMs > 0; leftMs -= STEP_MS) {
      await wait(Math.min(leftMs, STEP_MS))
    }
    await write(EXPIRED_PROBE, await send(recording, EXPIRED_PROBE, placeholders))
  }
  terminal.tell('Read them before you pass them on: what a service says of a project may be private.')
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new CommandError(`The folder of --record cannot be made (${(error as NodeJS.ErrnoException).code}).`)
  }
}

async function send(
  { place, timeoutMs }: Recording,
  probe: Probe,
  placeholders: Placeholders,
): Promise<RecordedResponse> {
  try {
    return await exchange(place.apiBase, probe, placeholders, timeoutMs)
  } catch (error) {
    // Its own message may quote a header's value.
    throw new CommandError(`${probe.name}: no answer (${systemCode(error) ?? 'timeout or dropped connection'}).`)
  }
}

/** Asks for keys until one is refused. */
async function firstRefusal(recording: Recording, placeholders: Placeholders): Promise<RecordedResponse | undefined> {
  for (let i = 0; i < LIMIT_ATTEMPTS; i++) {
    const response = await send(recording, LIMIT_PROBE, placeholders)
    if (response.status !== 200 || own(response.body, 'status') !== 'success') return response
  }
  return undefined
}

async function writeFixture(
  { place, folder }: Recording,
  { name, about, given, method, path, headers, hasContent }: Probe,
  response: RecordedResponse,
  placeholders: Placeholders,
): Promise<void> {
  const fixture: Fixture = {
    format: 1,
    probe: name,
    about,
    ...(given && { given }),
    recordedAt: new Date().toISOString(),
    recordedFrom: new URL(place.apiBase).origin,
    request: { method, path, headers, ...(hasContent && { hasContent }) },
    response,
  }
  const text = `${JSON.stringify(fixture, null, 2)}\n`
  if (placeholders.leaks(text)) {
    throw new CommandError(`${name}: not written, as a part of the key is left in the answer.`)
  }
  try {
    await writeFile(join(folder, `${name}.json`), text)
  } catch (error) {
    throw new CommandError(`${name}.json cannot be written (${(error as NodeJS.ErrnoException).code}).`)
  }
}
