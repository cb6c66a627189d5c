import { useComputed } from '@preact/signals'
import { counted } from '../page/time-words.ts'
import { keyRequests, reports } from './tabs-session.ts'

/** What it cost, and whether all tabs have the same key: the two numbers for which this page is there. */
export function Verdict() {
  const words = useComputed(() => {
    const tabs = [...reports.value.values()]
    const keys = new Set(tabs.map(({ fingerprint }) => fingerprint).filter(Boolean))
    const holders = tabs.filter(({ fingerprint }) => fingerprint).length
    if (tabs.length === 0) return { isOne: false, words: 'No tab is open' }
    const all = counted(tabs.length, 'tab')
    if (keys.size === 0) return { isOne: false, words: `${all}, no key` }
    if (keys.size > 1) return { isOne: false, words: `${all}, ${keys.size} keys` }
    const [fingerprint = ''] = keys
    const those = holders === tabs.length ? all : `${holders} of ${all}`
    return { isOne: holders === tabs.length, words: `${those}, one key`, fingerprint }
  })
  const { words: sentence, fingerprint, isOne } = words.value
  const count = keyRequests.value
  return (
    <div class="verdict" data-one={isOne}>
      <p class="verdict-part" data-testid="key-requests">
        <span class="verdict-figure">{count ?? '–'}</span>
        <span>
          {count === 1 ? 'key request' : 'key requests'} at the API
          {count === undefined ? ': counted with the emulator alone' : ', since this page was opened or started over'}
        </span>
      </p>
      <output class="verdict-part" data-testid="verdict">
        <span class="verdict-figure">{fingerprint || '–'}</span>
        <span>{sentence}</span>
      </output>
    </div>
  )
}
