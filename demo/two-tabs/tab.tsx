import { useComputed } from '@preact/signals'
import { nowMs } from '../page/clock.ts'
import { keyCalls } from '../page/key-calls.ts'
import { StatusPill, shownStatus } from '../page/status-pill.tsx'
import { clockTime, countdown } from '../page/time-words.ts'
import { perform, tabEvents, tabFingerprint, tabOutcome, tabProblem, tabSource, tabState } from './tab-session.ts'

export function Tab({ name }: { name: string }) {
  return (
    <main class="tab-page">
      <header class="tab-head">
        <h1>Tab {name}</h1>
        {window.top === window && <a href="/two-tabs">All tabs</a>}
        <StatusPill status={shownStatus(tabState.value)} />
      </header>
      {tabProblem.value && (
        <p class="field-problem" role="alert">
          {tabProblem.value}
        </p>
      )}
      <Key />
      <div class="tab-actions">
        {Object.values(keyCalls).map(action => (
          <button key={action.label} type="button" class="button" onClick={() => void perform(action)}>
            {action.label}
          </button>
        ))}
      </div>
      <output class="tab-outcome" data-bad={tabOutcome.value?.isBad ?? false}>
        {tabOutcome.value?.words ?? 'What a button did is said here.'}
      </output>
      <section class="tab-events" aria-labelledby="events-title">
        <h2 id="events-title">What happened here</h2>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
        <ol tabIndex={0} aria-label="Events, newest first">
          {tabEvents.value.map(({ id, atMs, what, tone }) => (
            <li key={id} data-tone={tone}>
              <time dateTime={new Date(atMs).toISOString()}>{clockTime(atMs)}</time> {what}
            </li>
          ))}
        </ol>
      </section>
    </main>
  )
}

function Key() {
  const { key, error } = tabState.value
  return (
    <div class="tab-key" data-held={key !== undefined}>
      <p class="tab-fingerprint" data-testid="fingerprint">
        {key ? tabFingerprint : 'no key'}
      </p>
      <p class="tab-key-about">
        {key ? (
          <>
            Fingerprint of its key. {tabSource}. <TimeLeft expiresAtMs={key.expiresAtMs} key={key.expiresAtMs} />
          </>
        ) : error ? (
          <>
            The last attempt failed: <code>{error.code}</code>
          </>
        ) : (
          'Nobody here wants one at the moment, or it is on its way.'
        )}
      </p>
    </div>
  )
}

function TimeLeft({ expiresAtMs }: { expiresAtMs: number }) {
  const left = useComputed(() => countdown(expiresAtMs - nowMs.value))
  return (
    <span class="tab-left" role="timer" aria-live="off">
      {left} left
    </span>
  )
}
