import { signal } from '@preact/signals'
import { type Auth, type AuthError, isAuthError } from '../../src/index.ts'
import { folderToList } from './allowances.ts'
import { emulator } from './emulator-link.ts'
import { auth, config, connection } from './session.ts'
import { durationWords, leftWords } from './time-words.ts'

/** A long identifier says nothing in a sentence. */
const MIDDLE_OF_TEMPLATE = /(SECU_.{4})[0-9A-F]{24}/gi

/** What the last button did. */
export const lastOutcome = signal<{ words: string; isBad: boolean } | undefined>()

export interface KeyAction {
  label: string
  /** What pressing it shows. */
  about: string
  run(auth: Auth): Promise<string>
}

export const keyActions: KeyAction[] = [
  {
    label: 'Get the key',
    about: 'From memory if there is a good one',
    async run(current) {
      const isInMemory = current.peek() !== undefined
      const startedMs = performance.now()
      await current.getKey()
      const took = durationWords(performance.now() - startedMs)
      return isInMemory ? `From memory, in ${took}` : `Obtained in ${took}`
    },
  },
  {
    label: 'Send a signed request',
    about: 'Lists a folder that the key allows',
    async run(current) {
      const folder = folderToList(current.peek()?.claims, emulator.value && config.value?.samples.uploadFolder)
      const { apiBase, token } = connection.value ?? { apiBase: '', token: '' }
      const url = `${apiBase.replace(/\/+$/, '')}/${token}/v4/files?folder=${encodeURIComponent(folder)}`
      const response = await current.fetch(url)
      if (!response.ok) throw new Error(`The API answered ${response.status} for ${folder}`)
      const { files } = (await response.json()) as { files?: unknown[] }
      return `${folder} holds ${files?.length ?? 0} files`
    },
  },
  {
    label: 'Force a new key',
    about: 'Although this one is good',
    async run(current) {
      const startedMs = performance.now()
      await current.getKey({ forceRefresh: true })
      return `A new key, in ${durationWords(performance.now() - startedMs)}`
    },
  },
  {
    label: 'Invalidate',
    about: 'As if the service had refused it',
    async run(current) {
      const key = current.peek()
      if (!key) return 'There is no key to give up'
      await current.invalidate(key)
      return 'The key is given up, here and in other tabs'
    },
  },
  {
    label: 'Sign out',
    about: 'Forgets the key, here and in storage',
    async run(current) {
      await current.clear()
      return 'Forgotten: memory, storage, other tabs'
    },
  },
]

/** Runs it with the present `auth`, and says how it went. */
export async function perform(action: KeyAction): Promise<void> {
  const current = auth.value
  if (!current) {
    lastOutcome.value = { words: 'Connect first', isBad: true }
    return
  }
  lastOutcome.value = { words: `${action.label} …`, isBad: false }
  await attempt(async () => {
    lastOutcome.value = { words: await action.run(current), isBad: false }
  })
}

/** Says of what fails why. */
export async function attempt(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    lastOutcome.value = { words: errorWords(error), isBad: true }
  }
}

function authErrorWords({ code, message, retryAtMs }: AuthError): string {
  // Some errors have nothing to add to their code.
  const words = message.startsWith(code) ? message : `${code}: ${message}`
  const next = retryAtMs && retryAtMs > Date.now() ? `; next try in ${leftWords(retryAtMs - Date.now())}` : ''
  return words.replace(MIDDLE_OF_TEMPLATE, '$1…') + next
}

function errorWords(error: unknown): string {
  if (isAuthError(error)) return authErrorWords(error)
  return error instanceof Error ? error.message : 'It failed'
}
