import { LinkNotes } from '../page/link/link-notes.tsx'
import { Masthead } from '../page/masthead.tsx'
import { codes } from './catalogue/catalogue.ts'
import { ErrorCard } from './error-card.tsx'
import { exhibits, gallery } from './exhibits.ts'
import { CARDS_ID } from './gallery-link.ts'

export function Gallery() {
  return (
    <>
      <a class="skip-link" href={`#${CARDS_ID}`}>
        Skip to the errors
      </a>
      <Masthead current="/errors" />
      <main>
        <section class="page-intro" aria-labelledby="page-title">
          <h1 id="page-title">Every error, on purpose</h1>
          <p>
            All that the library throws is an <code>AuthError</code> with one of ten codes. Each is produced here for
            real: the emulator is broken over HTTP, or the library is used wrongly. See what a visitor is told, what a
            developer gets, and what mends it.
          </p>
          {gallery.value === 'absent' && (
            <p class="field-problem">
              <strong>No emulator.</strong> Only an emulator can be broken on purpose. Start the demo by{' '}
              <code>npm run demo</code>.
            </p>
          )}
          <nav class="error-index" aria-label="Errors, produced when they are chosen">
            <ul>
              {codes.map(code => (
                <li key={code}>
                  <a class="chip" href={`#${code}`} data-phase={exhibits.value[code]?.phase.value}>
                    {code}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <LinkNotes />
        </section>
        <section id={CARDS_ID} class="error-cards" aria-label="The errors" tabIndex={-1}>
          {codes.map(code => (
            <ErrorCard key={code} code={code} />
          ))}
        </section>
      </main>
    </>
  )
}
