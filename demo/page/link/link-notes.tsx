import { signal } from '@preact/signals'

/** What the reader of a link should know of it. */
export const linkNotes = signal<readonly string[]>([])

export function LinkNotes() {
  return (
    // The region is always there: one that appears with its text in it is not read out.
    <div class="link-notes" role="alert" aria-label="About this link">
      {linkNotes.value.length > 0 && (
        <>
          <p class="link-notes-title">This link was not followed to the letter</p>
          <ul>
            {linkNotes.value.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <button
            type="button"
            class="button quiet"
            onClick={() => {
              linkNotes.value = []
            }}
          >
            Dismiss
          </button>
        </>
      )}
    </div>
  )
}
