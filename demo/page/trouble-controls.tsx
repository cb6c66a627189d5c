import { type EmulatorLink, emulator, expireKeys, revokeKeys } from './emulator-link.ts'
import { attempt, lastOutcome } from './key-actions.ts'
import { openQuestions } from './service-ways.ts'
import { auth, connection } from './session.ts'
import { arriveInFullMinute, lifetimeSeconds, setLifetime, setWay, ways } from './trouble.ts'
import { TroubleChoice } from './trouble-choice.tsx'
import { lifetimes } from './trouble-kinds.ts'

const report = (words: string) => {
  lastOutcome.value = { words, isBad: false }
}

/** What can be done to the API, on purpose; the emulator's alone. */
export function TroubleControls() {
  const link = emulator.value
  return (
    <fieldset class="trouble" disabled={!link}>
      <legend>Make trouble</legend>
      {!link && (
        <p class="trouble-absent">
          Only the emulator can be broken on purpose. Connect to it, with one of the buttons above, to use these.
        </p>
      )}
      <TroubleChoice />
      <div class="trouble-row">
        <TroubleButton
          label="Expire the key"
          run={async running => {
            await expireKeys(running)
            report('Expired at the service. Now send a request.')
          }}
        />
        <TroubleButton
          label="Revoke the key"
          run={async running => {
            await revokeKeys(running)
            report('Revoked at the service. Now send a request.')
          }}
        />
        <TroubleButton
          label="Arrive in a full minute"
          run={async running => {
            const [current, known] = [auth.value, connection.value]
            if (current && known) await arriveInFullMinute(running, known, current, report)
          }}
        />
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
      <details class="ways">
        <summary>Where the documentation is silent</summary>
        <p class="trouble-about">The library has to work whichever way it is. Try them all.</p>
        <div class="ways-fields">
          {openQuestions.map(({ id, label, answers }) => (
            <label key={id} class="field">
              <span>{label}</span>
              <select
                value={String(ways.value[id] ?? 0)}
                onChange={event => link && void setWay(link, id, Number(event.currentTarget.value))}
              >
                {answers.map((answer, index) => (
                  <option key={answer.label} value={String(index)}>
                    {answer.label}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </div>
      </details>
    </fieldset>
  )
}

function TroubleButton({ label, run }: { label: string; run: (link: EmulatorLink) => Promise<void> }) {
  const link = emulator.value
  return (
    <button type="button" class="button" onClick={() => link && void attempt(() => run(link))}>
      {label}
    </button>
  )
}
