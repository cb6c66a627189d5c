import { signal } from '@preact/signals'
import { SigningSwitch } from './signing-switch.tsx'
import { VisitorNotice } from './visitor-notice.tsx'
import { openings, shownWidget } from './widget-opening.ts'
import { WidgetPanel } from './widget-panel.tsx'
import { demoWidgets } from './widgets.ts'

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 }

const focused = signal(demoWidgets[0].id)

function move(event: KeyboardEvent): void {
  const at = demoWidgets.findIndex(({ id }) => id === focused.value)
  const last = demoWidgets.length - 1
  const step = STEPS[event.key] ?? 0
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? last : (at + step + last + 1) % (last + 1)
  const next = demoWidgets[to]
  if (!next || to === at) return
  event.preventDefault()
  document.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus()
}

/** Tabs that are chosen by pressing: arrow keys only move, since choosing shows something heavy. */
export function WidgetStage() {
  return (
    <section class="stage card" aria-labelledby="stage-title">
      <header class="card-head stage-head">
        <h3 id="stage-title">The widgets</h3>
        <div class="tabs" role="tablist" aria-labelledby="stage-title">
          {demoWidgets.map(({ id, name }) => (
            <button
              key={id}
              id={`tab-${id}`}
              type="button"
              role="tab"
              class="tab"
              aria-selected={shownWidget.value === id}
              aria-controls={`panel-${id}`}
              tabIndex={focused.value === id ? 0 : -1}
              onKeyDown={move}
              onFocus={() => {
                focused.value = id
              }}
              onClick={() => {
                shownWidget.value = id
              }}
            >
              {name}
            </button>
          ))}
        </div>
      </header>
      <VisitorNotice />
      {openings.map(opening => (
        <WidgetPanel key={opening.widget.id} opening={opening} isShown={shownWidget.value === opening.widget.id} />
      ))}
      <SigningSwitch />
    </section>
  )
}
