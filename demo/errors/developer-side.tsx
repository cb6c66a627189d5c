import { useComputed } from '@preact/signals'
import type { AuthErrorCode } from '../../src/index.ts'
import { nowMs } from '../page/clock.ts'
import { readablePath } from '../page/event-words.ts'
import { clockTime, leftWords } from '../page/time-words.ts'
import type { Exhibit } from './exhibits.ts'

/** The error as it was thrown, field by field, and what was asked of the API for it. */
export function DeveloperSide({ code, exhibit }: { code: AuthErrorCode; exhibit: Exhibit }) {
  const { way, error } = exhibit
  if (!error.value) return null
  const { message, status, retryAtMs } = error.value
  return (
    <section class="error-side" aria-label={`What a developer sees of ${code}`}>
      <h3>A developer sees</h3>
      <pre>
        <code>
          {way.call}
          {'\n'}
          <span class="error-thrown">{String(error.value)}</span>
        </code>
      </pre>
      <dl class="error-fields">
        <Field name="code" value={error.value.code} />
        <Field name="message" value={message} />
        <Field name="status" value={status} />
        <div>
          <dt>
            <code>retryAtMs</code>
          </dt>
          <dd data-field="retryAtMs">
            {retryAtMs === undefined ? <Absent /> : <RetryAt key={retryAtMs} atMs={retryAtMs} />}
          </dd>
        </div>
      </dl>
      <AskedOfApi exhibit={exhibit} />
    </section>
  )
}

function Field({ name, value }: { name: string; value: string | number | undefined }) {
  return (
    <div>
      <dt>
        <code>{name}</code>
      </dt>
      <dd data-field={name}>{value === undefined ? <Absent /> : <code>{value}</code>}</dd>
    </div>
  )
}

function Absent() {
  return <span class="error-absent">not there</span>
}

/** A moment is no use to a reader: as the page's clock shows it, and how far off it is. */
function RetryAt({ atMs }: { atMs: number }) {
  const left = useComputed(() => (atMs > nowMs.value ? `in ${leftWords(atMs - nowMs.value)}` : 'passed'))
  return (
    <>
      <code>{Math.round(atMs)}</code>{' '}
      <span class="error-when">
        {clockTime(atMs)}, <span data-testid="retry-left">{left}</span>
      </span>
    </>
  )
}

const ROWS_SHOWN = 6

function AskedOfApi({ exhibit }: { exhibit: Exhibit }) {
  const asked = exhibit.asked.value
  const more = asked.length - ROWS_SHOWN
  return (
    <div class="error-asked">
      <h4>Asked of the API</h4>
      {asked.length === 0 && <p class="error-absent">Nothing.</p>}
      {more > 0 && <p class="error-absent">{more} before these</p>}
      <ol>
        {asked.slice(-ROWS_SHOWN).map(({ id, method, path, status }) => (
          <li key={id}>
            <code>
              {method} {readablePath(path).split('?')[0]}
            </code>
            <span data-bad={status === 0 || status >= 400}>{status === 0 ? 'no answer' : status}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
