import { ConnectionForm } from './connection-form.tsx'
import { CopyButton } from './copy-button.tsx'
import { Hero } from './hero.tsx'
import { KeyCard } from './key-card.tsx'
import { linkToThisState } from './link/bench-link.ts'
import { LinkNotes } from './link/link-notes.tsx'
import { Masthead } from './masthead.tsx'
import { TimelineCard } from './timeline-card.tsx'
import { TryCard } from './try-card.tsx'
import { WidgetStage } from './widget-stage.tsx'

export function App() {
  return (
    <>
      <a class="skip-link" href="#bench">
        Skip to the live bench
      </a>
      <Masthead current="/" />
      <main>
        <Hero />
        <section id="bench" class="bench" aria-labelledby="bench-title" tabIndex={-1}>
          <header class="bench-head">
            <h2 id="bench-title">The live bench</h2>
            <p>
              The three real widgets, one key for all of them, and every request that it costs. Break the API and watch
              what a visitor would see.
            </p>
            <CopyButton
              class="button quiet"
              text={linkToThisState}
              what="link to this state"
              label="Copy link to this state"
            />
          </header>
          <LinkNotes />
          <ConnectionForm />
          <div class="bench-grid">
            <KeyCard />
            <WidgetStage />
            <TryCard />
            <TimelineCard />
          </div>
        </section>
      </main>
      <footer class="page-foot">
        <p>filerobot-widget-auth, MIT licence. Filerobot is a product of Scaleflex; this page is not.</p>
        <a href="/errors">Every error, on purpose</a>
      </footer>
    </>
  )
}
