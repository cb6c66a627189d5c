import { signal } from '@preact/signals'
import { chooseSigning, isWanted, signing, signingProblem } from './picture-signing.ts'
import { config, connection } from './session.ts'

const isShown = signal(false)

/** The worker's opt-in, and a plain private picture that shows whether it is there. */
export function SigningSwitch() {
  const pictureUrl = config.value?.samples.pictureUrl
  // Only the emulator has a picture that is known to be private.
  if (!pictureUrl || connection.value?.apiBase !== config.value?.apiBase) return null
  const state = signing.value
  return (
    <section class="signing" aria-labelledby="signing-title">
      <div class="signing-frame" data-shown={isShown.value}>
        {state !== 'beginning' && (
          <img
            // A picture that was refused is not asked for again by itself.
            key={state}
            src={`${pictureUrl}?plain-img=${state}`}
            alt="A ridge at night, which is a private file"
            onLoad={() => {
              isShown.value = true
            }}
            onError={() => {
              isShown.value = false
            }}
          />
        )}
      </div>
      <div class="signing-words">
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={isWanted.value}
            aria-checked={isWanted.value}
            onChange={event => chooseSigning(event.currentTarget.checked)}
          />
          <span id="signing-title">Service worker: sign pictures by themselves</span>
        </label>
        <output class="signing-state" data-bad={state === 'failed'}>
          {words()}
        </output>
      </div>
    </section>
  )
}

function words(): string {
  switch (signing.value) {
    case 'failed':
      return signingProblem.value
    case 'beginning':
      return 'The worker is being installed …'
    case 'on':
      return isShown.value
        ? 'This is a plain <img> of a private file. The uploader’s private thumbnails show too.'
        : 'The key does not open this picture.'
    default:
      return isShown.value
        ? 'The worker is gone for pages that are loaded from now on; this one keeps it.'
        : 'A private file in a plain <img>: it cannot send the key, so nothing is shown.'
  }
}
