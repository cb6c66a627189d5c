import { computed, signal } from '@preact/signals'
import type { AuthError } from '../../src/index.ts'
import { type Connection, keyHint } from './connection.ts'
import { emulator } from './emulator-link.ts'
import { config, connect, connection, optionsError } from './session.ts'

const FIELDS = [
  {
    name: 'token',
    label: 'Project token',
    placeholder: 'fusqadtm',
    wanted: 'Letters, digits, hyphens and underscores, such as fusqadtm: the short name of your project.',
  },
  {
    name: 'templateId',
    label: 'Security Template',
    placeholder: 'SECU_ and 32 hexadecimal digits',
    wanted: 'The template’s identifier: SECU_ and 32 hexadecimal digits.',
  },
  {
    name: 'apiBase',
    label: 'API',
    placeholder: 'https://api.filerobot.com',
    wanted: 'An address that begins with https://, such as https://api.filerobot.com. On this machine http:// will do.',
  },
] as const

/** What the form shows, sent or not. */
export const typed = signal<Connection>({ token: '', templateId: '', apiBase: '' })

const hints = computed(() =>
  FIELDS.map(({ name, label }) => ({ name, label, words: keyHint(typed.value[name]) })).filter(hint => hint.words),
)
const problem = computed(() => optionsError.value && problemWords(optionsError.value))

function connectTo({ token, templateId, apiBase }: Connection): void {
  typed.value = { token: token.trim(), templateId: templateId.trim(), apiBase: apiBase.trim() }
  void connect(typed.value)
}

export function ConnectionForm() {
  return (
    <form
      class="connection card"
      aria-label="Connection"
      onSubmit={event => {
        event.preventDefault()
        connectTo(typed.value)
      }}
    >
      <div class="fields">
        {FIELDS.map(({ name, label, placeholder }) => {
          const isWrong = problem.value?.field === name || hints.value.some(hint => hint.name === name)
          return (
            <label key={name} class={`field field-${name}`}>
              <span>{label}</span>
              <input
                name={name}
                value={typed.value[name]}
                placeholder={placeholder}
                spellcheck={false}
                autocapitalize="off"
                autocomplete="off"
                aria-invalid={isWrong}
                aria-describedby={isWrong ? 'connection-problem' : undefined}
                onInput={event => {
                  typed.value = { ...typed.value, [name]: event.currentTarget.value }
                }}
              />
            </label>
          )
        })}
        <button type="submit" class="button primary">
          Connect
        </button>
      </div>
      <div id="connection-problem" role="alert">
        {hints.value.length > 0
          ? hints.value.map(({ name, label, words }) => (
              <p key={name} class="field-problem">
                <strong>{label}.</strong> {words}
              </p>
            ))
          : problem.value && (
              <p class="field-problem">
                <strong>{problem.value.label}</strong> {problem.value.words}
              </p>
            )}
      </div>
      <Presets />
    </form>
  )
}

function Presets() {
  const known = config.value
  if (!known) return <p class="presets">Type your own project and template: the page asks the real service.</p>
  const { token, templateId, narrowTemplateId, apiBase } = known
  const presets = [
    { words: 'Emulator, usual template', templateId },
    { words: 'Emulator, narrow template', templateId: narrowTemplateId },
  ]
  return (
    <div class="presets">
      {presets.map(({ words, templateId: preset }) => (
        <button
          key={preset}
          type="button"
          class="chip"
          aria-pressed={connection.value?.templateId === preset && connection.value.apiBase === apiBase}
          onClick={() => connectTo({ token, templateId: preset, apiBase })}
        >
          {words}
        </button>
      ))}
      <p>
        {emulator.value
          ? 'A Filerobot API on this machine, of another origin, as in life.'
          : 'Asking the real service. The emulator is one click away.'}
      </p>
    </div>
  )
}

/** The library names its options as they are typed in code; the form says which field is meant, and what belongs there. */
function problemWords(error: AuthError) {
  const field = FIELDS.find(({ name }) => new RegExp(`^${name}\\b`).test(error.message))
  return field
    ? { field: field.name, label: `${field.label}.`, words: field.wanted }
    : { field: undefined, label: 'Not connected.', words: error.message }
}
