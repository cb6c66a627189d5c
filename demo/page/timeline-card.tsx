import { signal, useComputed } from '@preact/signals'
import { emulator } from './emulator-link.ts'
import { clockTime, counted, durationWords } from './time-words.ts'
import { counts, type TimelineEntry, timeline } from './timeline.ts'

const FILTERS = [
  { label: 'Everything', shows: () => true },
  { label: 'No preflights', shows: (entry: TimelineEntry) => entry.kind !== 'preflight' },
  { label: 'Keys', shows: (entry: TimelineEntry) => entry.kind === 'key' || entry.kind === 'note' },
]
const KIND_WORDS = { key: 'Key', signed: 'Signed', unsigned: 'Unsigned', preflight: 'Preflight', note: 'Page' }
const ROWS_SHOWN = 150
/** A bar of full length. */
const LONG_MS = 2000

const filter = signal(0)

export function TimelineCard() {
  const rows = useComputed(() => timeline.value.filter(FILTERS[filter.value]?.shows ?? Boolean).slice(0, ROWS_SHOWN))
  return (
    <section class="timeline-card card" aria-labelledby="timeline-title">
      <header class="card-head">
        <h3 id="timeline-title">What it costs</h3>
        <Counters />
      </header>
      <div class="segments" role="radiogroup" aria-label="What the timeline shows">
        {FILTERS.map(({ label }, index) => (
          <label key={label}>
            <input
              type="radio"
              name="timeline-filter"
              checked={filter.value === index}
              onChange={() => {
                filter.value = index
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {rows.value.length === 0 ? (
        <p class="timeline-empty">
          Nothing was asked of the API yet. Open a widget, or send a signed request.
          {!emulator.value && ' What the widgets send, and preflights, are seen only with the emulator.'}
        </p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        <ol class="timeline" tabIndex={0} aria-label="Requests, newest first">
          {rows.value.map(entry => (
            <Row key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Counters() {
  const words = useComputed(() => {
    const { keyRequests, signed, refused, preflights } = counts.value
    const parts = [counted(keyRequests, 'key request'), counted(signed, 'signed request'), `${refused} refused`]
    return preflights > 0 ? [...parts, counted(preflights, 'preflight')] : parts
  })
  return (
    <p class="counters" data-testid="counters">
      {words.value.map((part, index) => (
        <span key={part.replace(/\d+/, '')}>
          {index > 0 && ' · '}
          <span class="counter">{part}</span>
        </span>
      ))}
    </p>
  )
}

function Row({ entry: { kind, tone, atMs, what, detail, keyLabel, status, durationMs } }: { entry: TimelineEntry }) {
  return (
    <li class="row" data-kind={kind} data-tone={tone}>
      <time class="row-time" dateTime={new Date(atMs).toISOString()}>
        {clockTime(atMs)}
      </time>
      <span class="row-kind">{KIND_WORDS[kind]}</span>
      <span class="row-what" title={what}>
        {what}
        {detail && <span class="row-detail"> {detail}</span>}
      </span>
      {keyLabel && <span class="row-key">{keyLabel}</span>}
      {status !== undefined && <span class="row-status">{status === 0 ? 'no answer' : status}</span>}
      {durationMs !== undefined && (
        <span class="row-duration">
          <span class="row-bar" style={{ '--share': Math.min(1, Math.sqrt(durationMs / LONG_MS)) }} />
          {durationWords(durationMs)}
        </span>
      )}
    </li>
  )
}
