import { useState } from 'preact/hooks'

const THANKS_MS = 2000

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<'' | 'Copied' | 'Not copied'>('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('Copied')
    } catch {
      setOutcome('Not copied')
    }
    setTimeout(() => setOutcome(''), THANKS_MS)
  }
  return (
    <>
      <button type="button" class="copy-button" onClick={() => void copy()} aria-label={`Copy ${what}`}>
        {outcome || 'Copy'}
      </button>
      <output class="for-screen-readers">{outcome}</output>
    </>
  )
}
