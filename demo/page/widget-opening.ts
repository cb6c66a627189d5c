import { effect, type Signal, signal } from '@preact/signals'
import { isAuthError } from '../../src/index.ts'
import { emulator } from './emulator-link.ts'
import { auth, authState, config, connection } from './session.ts'
import { visitorWords } from './visitor-words.ts'
import { type DemoWidget, demoWidgets } from './widgets.ts'

const FORBIDDEN = 403

/** A widget from the moment that it is wanted to the moment that it is closed. */
export interface Opening {
  readonly widget: DemoWidget
  readonly phase: Signal<'closed' | 'opening' | 'open'>
  /** What the widget did, or why it could not be opened. */
  readonly message: Signal<string>
  /** The folder or picture that was typed, else the sample. */
  subject(): string
  setSubject(typed: string): void
  /** What of {@link subject} is not the sample. */
  typedSubject(): string | undefined
  /** Where the widget goes, as soon as the page has such a place. */
  place(container: HTMLElement | null): void
  open(): Promise<void>
  close(): void
}

/** One for each widget: they stay open behind other tabs, and share the key. */
export const openings: Opening[] = demoWidgets.map(createOpening)

/** The one in front. */
export const shownWidget = signal<DemoWidget['id']>(demoWidgets[0].id)

function createOpening(widget: DemoWidget): Opening {
  const phase = signal<'closed' | 'opening' | 'open'>('closed')
  const message = signal('')
  const typed = signal<string | undefined>(undefined)
  /** Counts attempts, so that a widget which comes after it was closed is put away at once. */
  let attempt = 0
  let unmount = () => {}
  let container: HTMLElement | null = null

  const subject = () => {
    const samples = emulator.value && config.value?.samples
    return typed.value ?? widget.subject.sample(samples, authState.value.key?.claims)
  }

  function close(): void {
    attempt++
    unmount()
    unmount = () => {}
    phase.value = 'closed'
    message.value = ''
  }

  async function open(): Promise<void> {
    const current = auth.value
    const known = connection.value
    const target = container
    if (!current || !known || !target) return
    const mine = ++attempt
    const report = (words: string) => {
      if (mine === attempt) message.value = words
    }
    phase.value = 'opening'
    report('')
    try {
      const context = { ...known, auth: current, subject: subject().trim(), report }
      const mounted = await widget.open(target, context)
      if (mine !== attempt) return mounted.unmount()
      unmount = () => mounted.unmount()
      phase.value = 'open'
    } catch (error) {
      if (mine !== attempt) return
      target.replaceChildren()
      phase.value = 'closed'
      report(`${widget.name} could not be opened. ${reason(error)}`)
    }
  }

  // A widget belongs to the auth that it was opened with.
  effect(() => {
    if (auth.value) return close
    return undefined
  })

  return {
    widget,
    phase,
    message,
    subject,
    setSubject: value => {
      typed.value = value
    },
    typedSubject: () => typed.value,
    place: element => {
      container = element
    },
    open,
    close,
  }
}

function reason(error: unknown): string {
  if (isAuthError(error) && error.status === FORBIDDEN) return 'The key does not allow it (403).'
  if (isAuthError(error)) return `${visitorWords(error).title} (${error.code}).`
  return error instanceof Error ? error.message : ''
}
