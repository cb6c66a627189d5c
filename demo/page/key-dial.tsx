import { useComputed } from '@preact/signals'
import { nowMs } from './clock.ts'
import { keyLife } from './key-life.ts'
import { authState, nextTry } from './session.ts'
import { countdown } from './time-words.ts'

/** Ticks on the dial, each ten units of its circumference long. */
const TICKS = 72
const AROUND = TICKS * 10

const CAPTIONS = { fresh: 'until renewal begins', renewing: 'until it expires', expired: 'it has expired' }
const WITHOUT_KEY = {
  idle: { figure: 'No key', caption: 'nobody asked for one' },
  loading: { figure: 'No key yet', caption: 'asking for one' },
  ready: { figure: 'Ready', caption: '' },
  error: { figure: 'No key', caption: 'the last attempt failed' },
}

/**
 * The key's life as a kitchen timer: what is left of it between the hand and the top, the renewal window before that.
 * Without a key it is set to the next try. Everything that moves is a signal of its own: a tick touches three
 * attributes and two texts, and renders nothing.
 */
export function KeyDial() {
  const life = useComputed(() => {
    const { key } = authState.value
    return key && keyLife(key, nowMs.value)
  })
  const wait = useComputed(() => (authState.value.key ? undefined : nextTry.value))
  const phase = useComputed(() => {
    const { status } = authState.value
    return life.value?.phase ?? (wait.value && status === 'loading' ? 'waiting' : status)
  })
  const left = useComputed(() => {
    if (life.value) return life.value.left
    if (!wait.value) return 0
    const { fromMs, atMs } = wait.value
    return Math.min(1, Math.max(0, (atMs - nowMs.value) / Math.max(1, atMs - fromMs)))
  })
  const spent = useComputed(() => -AROUND * (1 - left.value))
  const windowStart = useComputed(() => -AROUND * (1 - (life.value?.windowFrom ?? 0)))
  const hand = useComputed(() => `--turn: ${1 - left.value}turn`)
  const untilMs = useComputed(() => {
    const { key } = authState.value
    if (!key) return wait.value?.atMs
    return life.value?.phase === 'fresh' ? life.value.renewsFromMs : key.expiresAtMs
  })
  const figure = useComputed(() =>
    untilMs.value === undefined ? WITHOUT_KEY[authState.value.status].figure : countdown(untilMs.value - nowMs.value),
  )
  const caption = useComputed(() => {
    if (life.value) return CAPTIONS[life.value.phase]
    return wait.value ? 'until the next try' : WITHOUT_KEY[authState.value.status].caption
  })
  const shows = useComputed(() => (untilMs.value === undefined ? 'words' : 'time'))
  return (
    <div class="dial" data-phase={phase} data-shows={shows}>
      <svg viewBox="0 0 240 240" aria-hidden="true">
        <defs>
          <mask id="dial-left" maskUnits="userSpaceOnUse" x="0" y="0" width="240" height="240">
            <Ring dashes={`${AROUND} ${AROUND}`} offset={spent} class="dial-mask" />
          </mask>
          <mask id="dial-window" maskUnits="userSpaceOnUse" x="0" y="0" width="240" height="240">
            <Ring dashes={`${AROUND} ${AROUND}`} offset={windowStart} class="dial-mask" />
          </mask>
        </defs>
        <Ring class="dial-spent" />
        <g mask="url(#dial-left)">
          <Ring class="dial-fresh" />
        </g>
        <g mask="url(#dial-left)">
          <g mask="url(#dial-window)">
            <Ring class="dial-renewal" />
          </g>
        </g>
        <g class="dial-hand" style={hand}>
          <path d="M120 6v28" />
        </g>
      </svg>
      <p class="dial-reading" role="timer" aria-label="Time left">
        <span class="dial-figure">{figure}</span>
        <span class="dial-caption">{caption}</span>
      </p>
    </div>
  )
}

interface RingProps {
  class: string
  dashes?: string
  offset?: ReturnType<typeof useComputed<number>>
}

function Ring({ class: name, dashes = '3 7', offset }: RingProps) {
  return (
    <circle
      class={name}
      cx="120"
      cy="120"
      r="100"
      pathLength={AROUND}
      stroke-dasharray={dashes}
      stroke-dashoffset={offset ?? 1.5}
    />
  )
}
