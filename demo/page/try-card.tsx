import { keyActions, lastOutcome, perform } from './key-actions.ts'
import { auth } from './session.ts'
import { TroubleControls } from './trouble-controls.tsx'

export function TryCard() {
  return (
    <section class="try-card card" aria-labelledby="try-title">
      <header class="card-head">
        <h3 id="try-title">Try it</h3>
      </header>
      <div class="actions">
        {keyActions.map(action => (
          <button
            key={action.label}
            type="button"
            class="action"
            disabled={!auth.value}
            onClick={() => void perform(action)}
          >
            <span class="action-label">{action.label}</span>
            <span class="action-about">{action.about}</span>
          </button>
        ))}
      </div>
      <output class="outcome" data-bad={lastOutcome.value?.isBad ?? false}>
        {lastOutcome.value?.words ?? 'Press one: what it did is said here.'}
      </output>
      <TroubleControls />
    </section>
  )
}
