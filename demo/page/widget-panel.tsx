import { auth } from './session.ts'
import type { Opening } from './widget-opening.ts'
import { WidgetSketch } from './widget-sketch.tsx'

/** A widget's place: what it is until it is wanted, the widget itself afterwards. */
export function WidgetPanel({ opening, isShown }: { opening: Opening; isShown: boolean }) {
  const { widget } = opening
  const phase = opening.phase.value
  return (
    <div
      id={`panel-${widget.id}`}
      class="panel"
      role="tabpanel"
      aria-labelledby={`tab-${widget.id}`}
      hidden={!isShown}
      data-phase={phase}
    >
      {phase !== 'open' && (
        <form
          class="poster"
          onSubmit={event => {
            event.preventDefault()
            void opening.open()
          }}
        >
          <WidgetSketch id={widget.id} />
          <p class="poster-about">{widget.about}</p>
          <label class="field">
            <span>{widget.subject.label}</span>
            <input
              value={opening.subject()}
              required
              spellcheck={false}
              autocomplete="off"
              onInput={event => opening.setSubject(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="button primary" disabled={!auth.value || phase === 'opening'}>
            {phase === 'opening' ? 'Opening …' : `Open the ${widget.called}`}
          </button>
          <p class="poster-weight">Loads {widget.weight}, now and not before</p>
          <output class="poster-problem">{phase === 'closed' && opening.message}</output>
        </form>
      )}
      <div class="widget" ref={element => opening.place(element)} data-widget={widget.id} />
      {phase !== 'closed' && (
        <footer class="panel-foot">
          <output>{opening.message}</output>
          <button type="button" class="button quiet" onClick={() => opening.close()}>
            Close
          </button>
        </footer>
      )}
    </div>
  )
}
