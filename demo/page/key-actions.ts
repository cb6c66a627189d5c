import { signal } from '@preact/signals'
import { folderToList } from './allowances.ts'
import { emulator } from './emulator-link.ts'
import { errorWords, type KeyAction, keyCalls } from './key-calls.ts'
import { auth, config, connection } from './session.ts'

/** What the last button did. */
export const lastOutcome = signal<{ words: string; isBad: boolean } | undefined>()

const sendSigned: KeyAction = {
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
}

export const keyActions: readonly KeyAction[] = [
  keyCalls.getKey,
  sendSigned,
  keyCalls.forceKey,
  keyCalls.invalidateKey,
  keyCalls.signOut,
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
