import { useComputed } from '@preact/signals'
import { nowMs } from './clock.ts'
import { auth, authState, nextTryAtMs } from './session.ts'
import { countdown } from './time-words.ts'
import { visitorWords } from './visitor-words.ts'

/** What a visitor of a site is shown in place of a technical error. The code is there for whoever they send it to. */
export function VisitorNotice() {
  const { status, error } = authState.value
  const isShown = status === 'error' && error
  // The region is always there: one that appears with its text in it is not read out.
  return (
    <div class="notice-region" role="alert">
      {isShown && (
        <div class="notice">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 8v5m0 3.2v.3M10.5 4 2.8 17.5A1.7 1.7 0 0 0 4.3 20h15.4a1.7 1.7 0 0 0 1.5-2.5L13.5 4a1.7 1.7 0 0 0-3 0Z" />
          </svg>
          <div class="notice-words">
            <p class="notice-title">{visitorWords(error).title}</p>
            <p>{visitorWords(error).advice}</p>
          </div>
          <RetryIn />
          <button
            type="button"
            class="button"
            onClick={() => void auth.value?.getKey({ forceRefresh: true }).catch(() => {})}
          >
            Try now
          </button>
          <p class="notice-code">
            <code>{error.code}</code>
            {error.status ? ` · ${error.status}` : ''}
          </p>
        </div>
      )}
    </div>
  )
}

function RetryIn() {
  const words = useComputed(() => {
    const atMs = nextTryAtMs.value
    if (atMs === undefined) return ''
    return atMs > nowMs.value ? `Next try in ${countdown(atMs - nowMs.value)}` : 'Trying again …'
  })
  // Not read out each second.
  return (
    <p class="notice-retry" aria-live="off">
      {words}
    </p>
  )
}
