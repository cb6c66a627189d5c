import { emulator, expireKeys, revokeKeys } from './emulator-link.ts'
import { keyActions, lastOutcome, perform } from './key-actions.ts'
import { auth } from './session.ts'
import { cause, lifetimeSeconds, lifetimes, setLifetime, trouble, troubles } from './trouble.ts'

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

function TroubleControls() {
  const link = emulator.value
  const report = (words: string) => {
    lastOutcome.value = { words, isBad: false }
  }
  return (
    <fieldset class="trouble" disabled={!link}>
      <legend>Make trouble</legend>
      {!link && (
        <p class="trouble-absent">
          Only the emulator can be broken on purpose. Connect to it, with one of the buttons above, to use these.
        </p>
      )}
      <div class="segments" role="radiogroup" aria-label="How the API behaves">
        {troubles.map(option => (
          <label key={option.id} title={option.about}>
            <input
              type="radio"
              name="trouble"
              value={option.id}
              checked={trouble.value === option.id}
              onChange={() => link && void cause(link, option)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      <p class="trouble-about">{troubles.find(({ id }) => id === trouble.value)?.about}</p>
      <div class="trouble-row">
        <button
          type="button"
          class="button"
          onClick={() =>
            link && void expireKeys(link).then(() => report('Expired at the service. Now send a request.'))
          }
        >
          Expire the key
        </button>
        <button
          type="button"
          class="button"
          onClick={() =>
            link && void revokeKeys(link).then(() => report('Revoked at the service. Now send a request.'))
          }
        >
          Revoke the key
        </button>
      </div>
      <label class="field">
        <span>New keys live</span>
        <select
          value={String(lifetimeSeconds.value)}
          onChange={event => link && void setLifetime(link, Number(event.currentTarget.value))}
        >
          {lifetimes.map(({ label, seconds }) => (
            <option key={seconds} value={String(seconds)}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  )
}
