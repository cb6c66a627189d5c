import { effect, type ReadonlySignal, signal } from '@preact/signals'
import type { AuthState } from '../../src/index.ts'

const SHOWN_BYTES = 4

/** The present key as the emulator's log names it: the beginning of its SHA-256, which tells nothing of the key. */
export function followFingerprint(state: ReadonlySignal<AuthState>): ReadonlySignal<string> {
  const words = signal('')
  effect(() => {
    const { key } = state.value
    words.value = ''
    if (!key) return undefined
    let isCurrent = true
    void fingerprint(key.value).then(read => (isCurrent ? (words.value = read) : ''))
    return () => {
      isCurrent = false
    }
  })
  return words
}

async function fingerprint(key: string): Promise<string> {
  // `subtle` is absent where the page is served over http from another machine.
  const digest = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(key))
  if (!digest) return ''
  const bytes = [...new Uint8Array(digest, 0, SHOWN_BYTES)]
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join('')
}
