import { signal } from '@preact/signals'
import { LOCAL_HOST } from '../../src/origin.ts'
import type { Faults as EmulatorFaults } from '../emulator/faults.ts'
import type { TemplateInput } from '../emulator/templates.ts'
import type { Counters } from '../emulator/world.ts'
import type { Connection } from './connection.ts'

/** One request as the emulator saw it. */
export interface LogEntry {
  id: number
  /** By this machine's clock, whatever the emulator's was set to. */
  atMs: number
  method: string
  path: string
  kind: 'key' | 'key_info' | 'list' | 'upload' | 'delivery' | 'api' | 'preflight' | 'other'
  /** 0 where there was no answer. */
  status: number
  keyIn: 'none' | 'header' | 'url' | 'both'
  /** Tells two keys apart without showing them; `''` without a key. */
  keyLabel: string
  durationMs: number
}

/** What can go wrong, by the emulator's admin interface. */
export type Faults = Partial<EmulatorFaults>

/** An emulator that answers where the page asks for its keys. */
export interface EmulatorLink {
  origin: string
  /** What each Security Template permits, by its identifier in capitals. */
  permissions: ReadonlyMap<string, readonly string[]>
  /** The last entry of its log before this page was opened. */
  logStart: number
}

/** The emulator, while the API is one: only then can the page make trouble and see both sides of a request. */
export const emulator = signal<EmulatorLink | undefined>()

const ANSWER_TIMEOUT_MS = 3000

/** Looks whether an API is the emulator. The real service is never asked. */
export async function findEmulator(apiBase: string): Promise<EmulatorLink | undefined> {
  const url = URL.canParse(apiBase) ? new URL(apiBase) : undefined
  if (!url || !LOCAL_HOST.test(url.hostname)) return undefined
  try {
    const [state, log] = await Promise.all([
      ask<{ templates: { id: string; permissions: string[] }[] }>(url.origin, '/_emulator/state'),
      ask<{ entries: LogEntry[] }>(url.origin, '/_emulator/log'),
    ])
    return {
      origin: url.origin,
      permissions: new Map(state.templates.map(({ id, permissions }) => [id.toUpperCase(), permissions])),
      logStart: log.entries.at(-1)?.id ?? 0,
    }
  } catch {
    return undefined
  }
}

/** What was asked of the emulator since an entry of its log. */
export async function readLog(link: EmulatorLink, after: number): Promise<LogEntry[]> {
  return (await ask<{ entries: LogEntry[] }>(link.origin, `/_emulator/log?after=${after}`)).entries
}

export const setFaults = (link: EmulatorLink, faults: Faults) =>
  ask(link.origin, '/_emulator/faults', { method: 'POST', body: JSON.stringify(faults) })

export const clearFaults = (link: EmulatorLink) => ask(link.origin, '/_emulator/faults', { method: 'DELETE' })

/** How far the service's clock is ahead of the true time. */
export const setServerClock = (link: EmulatorLink, offsetMs: number) =>
  ask(link.origin, '/_emulator/clock', { method: 'POST', body: JSON.stringify({ offsetMs }) })

/** No fault, and the right time. */
export const makeWell = (link: EmulatorLink) => Promise.all([clearFaults(link), setServerClock(link, 0)])

/** As if others behind this address had asked for all keys of this minute. */
export const useUpMinute = (link: EmulatorLink, { token, templateId }: Connection) =>
  ask(link.origin, '/_emulator/keys/use-up', { method: 'POST', body: JSON.stringify({ token, templateId }) })

/** The service's side only: the page learns of it when its next request is refused. */
export const expireKeys = (link: EmulatorLink) => ask(link.origin, '/_emulator/keys/expire', { method: 'POST' })

export const revokeKeys = (link: EmulatorLink) => ask(link.origin, '/_emulator/keys/revoke', { method: 'POST' })

/** Adds a template, or replaces the one of the same identifier. */
export const putTemplate = (link: EmulatorLink, template: TemplateInput) =>
  ask(link.origin, '/_emulator/templates', { method: 'POST', body: JSON.stringify(template) })

/** Lets the answers go that the fault `holdAnswers` keeps back. */
export const releaseAnswers = (link: EmulatorLink) => ask(link.origin, '/_emulator/release', { method: 'POST' })

/** How it is. */
export const readState = (link: EmulatorLink) =>
  ask<{ counters: Counters; heldAnswers: number }>(link.origin, '/_emulator/state')

async function ask<T = unknown>(origin: string, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(origin + path, {
    cache: 'no-store',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    ...init,
    ...(init.body ? { headers: { 'Content-Type': 'application/json' } } : {}),
  })
  if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${path}`)
  return (await response.json()) as T
}
