import type { AuthErrorCode } from '../../src/index.ts'
import { CopyButton } from '../page/copy-button.tsx'
import { Notice } from '../page/notice.tsx'
import { type CataloguedError, catalogue } from './catalogue/catalogue.ts'
import { DeveloperSide } from './developer-side.tsx'
import { chosenWays, type Exhibit, exhibits, gallery } from './exhibits.ts'
import { chooseWay, linkTo, produceLinked } from './gallery-link.ts'
import type { Way } from './way.ts'

/** One error: what provokes it, and once it is produced how it looks from both sides and what mends it. */
export function ErrorCard({ code }: { code: AuthErrorCode }) {
  const { gist, mended, ways } = catalogue[code]
  const exhibit = exhibits.value[code]
  const way = ways.find(({ id }) => id === chosenWays.value[code]) ?? ways[0]
  return (
    <article id={code} class="error-card card" aria-labelledby={`${code}-title`} tabIndex={-1}>
      <header class="error-head">
        <h2 id={`${code}-title`}>
          <code>{code}</code>
        </h2>
        <p>{gist}</p>
      </header>
      <Provocation code={code} ways={ways} way={way} isBusy={exhibit?.phase.value === 'producing'} />
      {/* Always there: a region that appears with its text in it is not read out. */}
      <output class="for-screen-readers">
        {exhibit?.phase.value === 'there' && `${code} was produced: ${exhibit.way.label}.`}
      </output>
      <div class="error-outcome" data-way={exhibit?.way.id} data-phase={exhibit?.phase.value}>
        {exhibit && <Outcome code={code} exhibit={exhibit} mended={mended} />}
      </div>
    </article>
  )
}

interface ProvocationProps {
  code: AuthErrorCode
  ways: CataloguedError['ways']
  way: Way
  isBusy: boolean
}

function Provocation({ code, ways, way, isBusy }: ProvocationProps) {
  return (
    <form
      class="error-how"
      onSubmit={event => {
        event.preventDefault()
        produceLinked(code, way)
      }}
    >
      {ways.length > 1 && (
        <label class="field">
          <span>What goes wrong</span>
          <select value={way.id} onChange={event => chooseWay(code, event.currentTarget.value)}>
            {ways.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="error-about">
        {ways.length === 1 && <strong>{way.label}. </strong>}
        {way.about}
      </p>
      <button
        type="submit"
        class="button primary"
        disabled={typeof gallery.value !== 'object'}
        aria-label={`Produce ${code}`}
      >
        {isBusy ? 'Producing …' : 'Produce'}
      </button>
    </form>
  )
}

function Outcome({ code, exhibit, mended }: { code: AuthErrorCode; exhibit: Exhibit; mended: string }) {
  const { way, phase, error, fault, nextTryMs, outcome } = exhibit
  if (fault.value) return <p class="field-problem">{fault.value}</p>
  if (!error.value) return null
  const isMended = phase.value === 'mended'
  const isLive = phase.value === 'there'
  return (
    <>
      <section class="error-side" aria-label={`What a visitor sees of ${code}`}>
        <h3>A visitor sees</h3>
        <div class="error-site" data-mended={isMended}>
          <Notice
            error={isMended ? undefined : error.value}
            nextTryMs={nextTryMs}
            onTryNow={isLive && way.retries ? exhibit.tryNow : undefined}
          />
          <p class="error-site-rest">{isMended ? 'The media library is here.' : 'Here the media library would be.'}</p>
        </div>
      </section>
      <DeveloperSide code={code} exhibit={exhibit} />
      <section class="error-mend" aria-label={`What mends ${code}`}>
        <h3>What mends it</h3>
        <p>{mended}</p>
        <div class="error-mend-row">
          {isLive && way.mend && (
            <button type="button" class="button" onClick={() => void exhibit.mend()}>
              {way.mend.label}
            </button>
          )}
          <CopyButton
            class="button quiet"
            text={() => new URL(linkTo(code, way), location.href).href}
            what={`link to ${code}`}
            label="Copy link"
          />
          <output class="error-mended" data-phase={phase.value}>
            {phase.value === 'over' ? 'Ended, because another one was produced.' : outcome.value}
          </output>
        </div>
      </section>
    </>
  )
}
