import { signal } from '@preact/signals'
import { h, render } from 'preact'

const count = signal(0)
const root = document.body.appendChild(document.createElement('p'))
render(h('button', { onClick: () => count.value++ }, count), root)

/** An app with a Preact and signals of its own: what it shows after a click. */
export async function clickedCount(): Promise<string> {
  const before = root.textContent
  root.querySelector('button')!.click()
  // Signals update text by themselves, in their own time.
  for (const endsAtMs = Date.now() + 5000; root.textContent === before && Date.now() < endsAtMs; ) {
    await new Promise(resolve => setTimeout(resolve))
  }
  return root.textContent
}
