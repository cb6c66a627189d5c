/** What the editor's user reads while a save runs and when it failed. */
export type NoticeText = 'Saving…' | 'Cancel' | 'Not saved, but not lost.' | 'Try again' | 'Download' | 'Close'

/** Shows a text with buttons; those without a function are left out. */
export type Say = (text: NoticeText, buttons: Partial<Record<NoticeText, (() => unknown) | undefined>>) => void

/**
 * A box for one text at a time, at the foot of the page: the editor's own dialogs hang on the body too, and what hangs on
 * the editor would go with it when it is closed before the save has ended.
 *
 * @param words translations, or `false` for a box that is never seen
 * @returns the box, to be removed when nothing is to be said
 */
export function createNotice(words: false | Partial<Record<NoticeText, string>> = {}): [HTMLElement, Say] {
  const box = document.createElement('dialog')
  // Not modal: the page stays usable, and the focus where it is.
  box.open = true
  box.style.cssText = 'position:fixed;bottom:1em;z-index:99999'
  const say: Say = (text, buttons) => {
    const add = (tag: string, text: NoticeText) => {
      const element = document.createElement(tag)
      element.textContent = (words as Partial<Record<NoticeText, string>>)[text] ?? text
      box.append(element, ' ')
      return element
    }
    box.textContent = ''
    add('span', text).setAttribute('role', 'alert')
    for (const [label, onclick] of Object.entries(buttons)) {
      if (onclick) add('button', label as NoticeText).onclick = onclick
    }
    if (words) document.body.append(box)
  }
  return [box, say]
}
