import { emulator } from './emulator-link.ts'
import { cause, trouble } from './trouble.ts'
import { troubles } from './trouble-kinds.ts'

/** How the API behaves: one trouble at a time. */
export function TroubleChoice() {
  const link = emulator.value
  return (
    <>
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
    </>
  )
}
