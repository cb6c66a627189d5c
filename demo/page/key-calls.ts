import { type Auth, type AuthError, isAuthError } from '../../src/index.ts'
import { durationWords, leftWords } from './time-words.ts'

/** A long identifier says nothing in a sentence. */
const MIDDLE_OF_TEMPLATE = /(SECU_.{4})[0-9A-F]{24}/gi

export interface KeyAction {
  label: string
  /** What pressing it shows. */
  about: string
  run(auth: Auth): Promise<string>
}

const getKey: KeyAction = {
  label: 'Get the key',
  about: 'From memory if there is a good one',
  async run(current) {
    const isInMemory = current.peek() !== undefined
    const startedMs = performance.now()
    await current.getKey()
    const took = durationWords(performance.now() - startedMs)
    return isInMemory ? `From memory, in ${took}` : `Obtained in ${took}`
  },
}

const forceKey: KeyAction = {
  label: 'Force a new key',
  about: 'Although this one is good',
  async run(current) {
    const startedMs = performance.now()
    await current.getKey({ forceRefresh: true })
    return `A new key, in ${durationWords(performance.now() - startedMs)}`
  },
}

const invalidateKey: KeyAction = {
  label: 'Invalidate',
  about: 'As if the service had refused it',
  async run(current) {
    const key = current.peek()
    if (!key) return 'There is no key to give up'
    await current.invalidate(key)
    return 'The key is given up, here and in other tabs'
  },
}

const signOut: KeyAction = {
  label: 'Sign out',
  about: 'Forgets the key, here and in storage',
  async run(current) {
    await current.clear()
    return 'Forgotten: memory, storage, other tabs'
  },
}

/** What can be done with an `auth` alone, whatever it is for. */
export const keyCalls = { getKey, forceKey, invalidateKey, signOut }

function authErrorWords({ code, message, retryAtMs }: AuthError): string {
  // Some errors have nothing to add to their code.
  const words = message.startsWith(code) ? message : `${code}: ${message}`
  const next = retryAtMs && retryAtMs > Date.now() ? `; next try in ${leftWords(retryAtMs - Date.now())}` : ''
  return words.replace(MIDDLE_OF_TEMPLATE, '$1…') + next
}

/** Why something failed, in a line. */
export function errorWords(error: unknown): string {
  if (isAuthError(error)) return authErrorWords(error)
  return error instanceof Error ? error.message : 'It failed'
}
