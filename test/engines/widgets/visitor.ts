import type { Tab } from '../drivers/browser.ts'
import { until as untilIn } from '../drivers/wait.ts'

/** A widget's own code is a megabyte or three, which a busy machine takes its time to run. */
const WIDGET_DEADLINE_MS = 40_000
const until: typeof untilIn = (what, look) => untilIn(what, look, WIDGET_DEADLINE_MS)

/** Looks for visible text, below the elements of `within`; presses what has it, if it can be pressed. */
const look = (tab: Tab, text: string, within: string, isPressed: boolean) =>
  tab.run(
    (text, within, isPressed) => {
      const hasText = (element: Element) => element.textContent.trim() === text
      const isShown = (element: Element) =>
        hasText(element) && ![...element.children].some(hasText) && element.getClientRects().length > 0
      const found = [...document.querySelectorAll<HTMLElement>(`${within} *`)].reverse().find(isShown)
      if (!found || found.closest('button')?.disabled) return false
      if (!isPressed) return true
      // A visitor cannot press what is covered, as the editor is while it loads.
      found.scrollIntoView({ block: 'nearest' })
      const { left, top, width, height } = found.getBoundingClientRect()
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)
      if (!hit || !(found.contains(hit) || hit.contains(found))) return false
      found.click()
      return true
    },
    text,
    within,
    isPressed,
  )

/** Presses what has this text, as soon as it is there; the last where several have it, as a dialog hangs at the end. */
export const press = (tab: Tab, text: string, within = 'body') =>
  until(`"${text}" to press`, () => look(tab, text, within, true))

/** Waits until a visitor sees this text by itself. */
export const sees = (tab: Tab, text: string, within = 'body') =>
  until(`"${text}" to be seen`, () => look(tab, text, within, false))

/** Waits until text somewhere below `within` holds these words. */
export const reads = (tab: Tab, words: string, within: string) =>
  until(`"${words}" to be read`, () =>
    tab.run(
      (words, within) =>
        [...document.querySelectorAll<HTMLElement>(within)].some(({ innerText }) => innerText.includes(words)),
      words,
      within,
    ),
  )

/** Presses what has no text of its own, as soon as it is there. */
export const pressElement = (tab: Tab, selector: string) =>
  until(`${selector} to press`, () =>
    tab.run(selector => {
      const found = document.querySelector<HTMLElement>(selector)
      if (!found?.getClientRects().length) return false
      found.click()
      return true
    }, selector),
  )

const uploadButton = '#uploader [data-testid=topbar-upload-btn]'

/** Waits until the uploader can be used. */
export const uploaderIsReady = (tab: Tab) =>
  until('the uploader', () =>
    tab.run(selector => !!document.querySelector(selector)?.getClientRects().length, uploadButton),
  )

/**
 * Uploads as a visitor does: opens the uploader's panel, chooses a file, and presses its button.
 *
 * @param file `base64`: its bytes
 */
export async function uploadByHand(tab: Tab, file: { name: string; type: string; base64: string }): Promise<void> {
  const start = '#uploader [class*=filerobot-Explorer-start]'
  await pressElement(tab, uploadButton)
  await until('the place for files', () =>
    tab.run(({ name, type, base64 }) => {
      const input = document.querySelector<HTMLInputElement>('#uploader input[type=file]')
      if (!input) return false
      const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
      const chosen = new DataTransfer()
      chosen.items.add(new File([bytes], name, { type }))
      input.files = chosen.files
      return input.dispatchEvent(new Event('change', { bubbles: true }))
    }, file),
  )
  await pressElement(tab, start)
  // The panel shows the file's name too: what is seen after it has gone is the list.
  await until('the end of the panel', () =>
    tab.run(selector => !document.querySelector(selector)?.getClientRects().length, start),
  )
}

/** Drags with the mouse, from the middle of an element to the right, or to the left. */
export async function drag(tab: Tab, selector: string, distance: number): Promise<void> {
  const [x, y] = await tab.run(selector => {
    const element = document.querySelector(selector)!
    element.scrollIntoView({ block: 'center' })
    const { left, top, width, height } = element.getBoundingClientRect()
    return [Math.round(left + width / 2), Math.round(top + height / 2)] as const
  }, selector)
  const move = (dx: number) => ({ type: 'pointerMove', duration: 50, origin: 'viewport', x: x + dx, y })
  const actions = [
    move(0),
    { type: 'pointerDown', button: 0 },
    ...[1, 2, 3, 4].map(step => move(Math.round((distance * step) / 4))),
    { type: 'pointerUp', button: 0 },
  ]
  await tab.send('POST', '/actions', {
    actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }],
  })
}
