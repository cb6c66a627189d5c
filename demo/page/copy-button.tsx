import { useState } from 'preact/hooks'

const THANKS_MS = 2000

interface CopyButtonProps {
  /** What is copied, or what makes it when the button is pressed. */
  text: string | (() => string)
  what: string
  /** @default 'Copy' */
  label?: string
  class?: string
}

export function CopyButton({ text, what, label = 'Copy', class: name = 'copy-button' }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'' | 'Copied' | 'Not copied'>('')
  const copy = async () => {
    const words = typeof text === 'string' ? text : text()
    try {
      await navigator.clipboard.writeText(words)
      setOutcome('Copied')
    } catch {
      setOutcome('Not copied')
    }
    setTimeout(() => setOutcome(''), THANKS_MS)
  }
  return (
    <>
      <button type="button" class={name} onClick={() => void copy()} aria-label={`Copy ${what}`}>
        {outcome || label}
      </button>
      <output class="for-screen-readers">{outcome}</output>
    </>
  )
}
