import type { ReadonlySignal } from '@preact/signals'
import type { AuthError } from '../../src/index.ts'
import { NextTryTime, RetryCountdown } from './retry-countdown.tsx'
import { visitorWords } from './visitor-words.ts'

interface NoticeProps {
  /** Nothing is shown without one. */
  error: AuthError | undefined
  /** When the next try is made, in milliseconds since 1970; `undefined` while it is under way. */
  nextTryMs: ReadonlySignal<number | undefined>
  /** Absent where nothing is tried again. */
  onTryNow?: (() => void) | undefined
}

/** What a visitor of a site is shown in place of a technical error. The code is there for whoever they send it to. */
export function Notice({ error, nextTryMs, onTryNow }: NoticeProps) {
  // A full minute is nobody's fault, and over by itself.
  const isTurn = error?.code === 'rate_limited'
  const words = error && (
    <>
      <span class="notice-title">{visitorWords(error).title}</span>
      <span>{visitorWords(error).advice}</span>
      <NextTryTime untilMs={nextTryMs} />
    </>
  )
  return (
    <div class="notice" data-tone={error && (isTurn ? 'turn' : 'bad')}>
      {error && <NoticeSign isTurn={isTurn} />}
      {/* The regions are always there: one that appears with its text in it is not read out. */}
      <output class="notice-words">{isTurn && words}</output>
      <div class="notice-words" role="alert">
        {!isTurn && words}
      </div>
      {error && (
        <>
          {onTryNow && <RetryCountdown untilMs={nextTryMs} />}
          {/* Before its turn a request would be refused again. */}
          {onTryNow && !isTurn && (
            <button type="button" class="button" onClick={onTryNow}>
              Try now
            </button>
          )}
          <p class="notice-code">
            <code>{error.code}</code>
            {error.status ? ` · ${error.status}` : ''}
          </p>
        </>
      )}
    </div>
  )
}

function NoticeSign({ isTurn }: { isTurn: boolean }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      {isTurn ? (
        <path d="M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4" />
      ) : (
        <path d="M12 8v5m0 3.2v.3M10.5 4 2.8 17.5A1.7 1.7 0 0 0 4.3 20h15.4a1.7 1.7 0 0 0 1.5-2.5L13.5 4a1.7 1.7 0 0 0-3 0Z" />
      )}
    </svg>
  )
}
